import { EngineError } from "#engine/error.ts";
import { plain, quote } from "#engine/onnx/quote.ts";
import { sniffFormat } from "#engine/onnx/sniff.ts";
import type { SourceFiles } from "../../source.ts";
import { malformed } from "./fault.ts";

interface Part {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** The bytes of the shards of one group, one after the other, without joining them. */
export class Shards {
  readonly #parts: readonly Part[];
  readonly length: number;

  constructor(parts: readonly Uint8Array[]) {
    let start = 0;
    this.#parts = parts.map((bytes) => {
      const part = { start, bytes };
      start += bytes.length;
      return part;
    });
    this.length = start;
  }

  /** A view where the range lies in one shard, else a copy. */
  slice(offset: number, length: number): Uint8Array {
    if (length === 0) return new Uint8Array();
    const found: Part[] = [];
    for (let at = this.#partAt(offset); at < this.#parts.length; at++) {
      const part = this.#parts[at];
      if (part === undefined || part.start >= offset + length) break;
      if (part.start + part.bytes.length > offset) found.push(part);
    }
    const [only] = found;
    if (only === undefined) return new Uint8Array();
    if (found.length === 1) return only.bytes.subarray(offset - only.start, offset - only.start + length);
    const joined = new Uint8Array(length);
    for (const { start, bytes } of found) {
      const from = Math.max(0, offset - start);
      const part = bytes.subarray(from, Math.min(bytes.length, offset + length - start));
      joined.set(part, start + from - offset);
    }
    return joined;
  }

  /** Index of the last part that starts at or before this place. */
  #partAt(offset: number): number {
    let low = 0;
    let high = this.#parts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#parts[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

/**
 * Opens the shards that a group names, beside the model.json.
 *
 * @throws EngineError "data-mismatch" with every shard that is missing; "not-a-model" for the pointer of Git LFS
 */
export function openShards(files: SourceFiles, modelName: string, paths: readonly string[]): Shards {
  const folder = modelName.includes("/") ? modelName.slice(0, modelName.lastIndexOf("/") + 1) : "";
  const known = new Set(files.names);
  if (new Set(paths).size < paths.length) throw malformed("One group names a shard twice", plain(modelName));
  const missing = paths.filter((path) => !known.has(folder + path));
  if (missing.length > 0) {
    const listed = missing.slice(0, 5).map(quote).join(", ");
    throw new EngineError(
      "data-mismatch",
      `${missing.length} of ${paths.length} shards that it names are missing: ${listed}${missing.length > 5 ? ", …" : ""}. Hand them over together with it`,
      plain(modelName),
    );
  }
  return new Shards(
    paths.map((path) => {
      const bytes = files.read(folder + path);
      // Weights can begin with any bytes, but hardly with these.
      const sniffed = sniffFormat(bytes);
      if (sniffed.kind !== "lfs-pointer" && sniffed.kind !== "html") return bytes;
      throw new EngineError("not-a-model", `This is ${sniffed.description}`, plain(path));
    }),
  );
}
