import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf, overPieces } from "../pieces.ts";
import { defineTask, type Pool } from "../pool.ts";
import { bucketFromTop, countLower, countUpper, keptAt } from "./select.ts";

/** Values by the upper bits of their magnitude, or those of one such bucket by the lower bits. */
export function work({ bytes, params }: { bytes: Uint8Array | LazyBytes; params: { bucket?: number } }): {
  counts: Uint32Array;
} {
  const values = floatsOf(glimpseOf(bytes));
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  const { bucket } = params;
  return { counts: bucket === undefined ? countUpper(words) : countLower(words, bucket) };
}

const countMagnitudes = defineTask<typeof work>(import.meta.url);

const lowerBits = 16;

/** A tensor of float32 values, counted on the cores there are. */
export class Magnitudes {
  readonly bytes: Uint8Array | LazyBytes;
  readonly count: number;
  readonly #pool: Pool;
  readonly #lower = new Map<number, Promise<Uint32Array>>();
  #upper: Promise<Uint32Array> | undefined;

  constructor(bytes: Uint8Array | LazyBytes, pool: Pool) {
    this.bytes = bytes;
    this.count = bytes.length / 4;
    this.#pool = pool;
  }

  upper(): Promise<Uint32Array> {
    this.#upper ??= this.#counted({});
    return this.#upper;
  }

  lower(bucket: number): Promise<Uint32Array> {
    const counts = this.#lower.get(bucket) ?? this.#counted({ bucket });
    this.#lower.set(bucket, counts);
    return counts;
  }

  async #counted(params: { bucket?: number }): Promise<Uint32Array> {
    return total(
      (await overPieces(this.#pool, countMagnitudes, this.bytes, params)).map(({ counts }) => counts),
    );
  }

  /** How many values have a magnitude whose bits are below a threshold. */
  async below(threshold: number): Promise<number> {
    const bucket = threshold >>> lowerBits;
    const rest = threshold & 0xffff;
    const whole = sum((await this.upper()).subarray(0, bucket));
    return rest === 0 ? whole : whole + sum((await this.lower(bucket)).subarray(0, rest));
  }
}

function total(counts: readonly Uint32Array[]): Uint32Array {
  const [first = new Uint32Array(1 << lowerBits), ...others] = counts;
  const all = first.slice();
  for (const other of others) {
    for (let at = 0; at < all.length; at++) all[at] = (all[at] ?? 0) + (other[at] ?? 0);
  }
  return all;
}

const sum = (counts: Uint32Array) => counts.reduce((a, b) => a + b, 0);

/** Magnitude bits below which the share `sparsity` of all tensors together lies; see `sparsityThreshold`. */
export async function sharedThreshold(group: readonly Magnitudes[], sparsity: number): Promise<number> {
  const kept = keptAt(
    group.reduce((count, one) => count + one.count, 0),
    sparsity,
  );
  const upper = total(await Promise.all(group.map((one) => one.upper())));
  const high = bucketFromTop(upper, kept);
  const lower = total(await Promise.all(group.map((one) => one.lower(high.bucket))));
  return high.bucket * 2 ** lowerBits + bucketFromTop(lower, high.rest).bucket;
}
