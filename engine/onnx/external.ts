import { EngineError } from "#engine/error.ts";
import { rawBytes } from "./dtypes.ts";
import type { Model, Tensor } from "./model.ts";
import { quote } from "./quote.ts";
import { elementCount, isExternal, tensorDType } from "./tensor.ts";
import { modelTensors } from "./walk.ts";

/** Random access to the bytes of a file; `runtime/files.ts` opens them. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes, or a rejection. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The folder beside a model, as the model may see it. */
export interface ExternalFiles {
  /** Undefined where there is no such file. `location` has passed `checkLocation`. */
  open(location: string): Promise<ByteSource | undefined>;
}

export interface ExternalReference {
  readonly location: string;
  readonly offset: number;
  /** Bytes, as shape and type demand. */
  readonly length: number;
}

/**
 * Bytes that external data may add up to. One file may be referred to by many tensors, so the sum is bounded and
 * not the file; 2 GiB is also what the model may take once its data stands inside.
 */
const maxExternalBytes = 2 ** 31 - 1;

/** Refuses every location that could lead out of the model's folder; symbolic links are the opener's matter. */
function checkLocation(location: string, place: string): void {
  const refuse = (why: string) =>
    new EngineError("malformed", `External data location ${quote(location)} ${why}`, place);
  if (location === "") throw refuse("is empty");
  if (location.includes("\0")) throw refuse("contains a zero byte");
  if (location.includes("\\")) throw refuse("contains a backslash: use / between folders");
  if (location.startsWith("/") || /^[a-z]+:/i.test(location)) throw refuse("is absolute");
  if (location.split("/").includes("..")) throw refuse('leaves the folder of the model by ".."');
}

/** Where the bytes of an external tensor are; checks everything that can be checked without the file. */
export function externalReference(tensor: Tensor, place: string): ExternalReference {
  const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
  const location = entries.get("location");
  if (location === undefined) throw new EngineError("malformed", "External data without a location", place);
  checkLocation(location, place);
  const dtype = tensorDType(tensor);
  if (dtype === "string") throw new EngineError("malformed", "Strings cannot be external data", place);
  const needed = rawBytes(dtype, elementCount(tensor.dims, place));
  const offset = wholeNumber(entries.get("offset") ?? "0", "offset", place);
  const length = wholeNumber(entries.get("length") ?? String(needed), "length", place);
  if (length !== needed) {
    throw new EngineError(
      "malformed",
      `External data of ${length} bytes where the shape needs ${needed}`,
      place,
    );
  }
  return { location, offset, length };
}

function wholeNumber(text: string, what: string, place: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new EngineError("malformed", `External data ${what} ${quote(text)} is not a whole number`, place);
  }
  return value;
}

/**
 * Loads the external data of every tensor into the model, which then stands alone: the references are removed.
 *
 * @returns number of tensors and bytes loaded
 * @throws EngineError for a missing file, a location that leaves the folder, or a range outside of its file
 */
export async function loadExternalData(
  model: Model,
  files: ExternalFiles,
  maxBytes: number = maxExternalBytes,
): Promise<{ tensors: number; bytes: number }> {
  const sources = new Map<string, ByteSource>();
  let tensors = 0;
  let bytes = 0;
  for (const { tensor, place } of modelTensors(model)) {
    if (!isExternal(tensor)) continue;
    const { location, offset, length } = externalReference(tensor, place);
    const source = sources.get(location) ?? (await files.open(location));
    if (source === undefined) {
      throw new EngineError(
        "malformed",
        `External data file ${quote(location)} is not there: put it beside the model`,
        place,
      );
    }
    sources.set(location, source);
    if (offset + length > source.size) {
      throw new EngineError(
        "truncated",
        `Bytes ${offset} to ${offset + length} lie outside of ${quote(location)}, which has ${source.size}`,
        place,
      );
    }
    bytes += length;
    if (bytes > maxBytes) {
      throw new EngineError("limit-exceeded", `External data of more than ${maxBytes} bytes`, place);
    }
    tensor.rawData = await source.read(offset, length);
    delete tensor.externalData;
    delete tensor.dataLocation;
    tensors++;
  }
  return { tensors, bytes };
}

/** Names of the files that the model's tensors lie in, sorted; empty where the model stands alone. */
export function externalLocations(model: Model): string[] {
  const locations = new Set<string>();
  for (const { tensor, place } of modelTensors(model)) {
    if (isExternal(tensor)) locations.add(externalReference(tensor, place).location);
  }
  return [...locations].sort();
}
