import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf, overPieces } from "../pieces.ts";
import { defineTask, type Pool } from "../pool.ts";
import { bucketFromTop, countLower, countUpper, keptAt } from "./select.ts";

/** Values by the upper bits of their magnitude, or those of one such bucket by the lower bits. */
export function work({ bytes, params }: { bytes: Uint8Array | LazyBytes; params: { bucket?: number } }): {
  counts: Uint32Array;
} {
  const values = floatsOf(glimpseOf(bytes));
  const { bucket } = params;
  return { counts: bucket === undefined ? countUpper(values) : countLower(values, bucket) };
}

const countMagnitudes = defineTask<typeof work>(import.meta.url);

const lowerBits = 16;
/**
 * Smaller tensors are counted again whenever somebody asks, on the caller's own thread: tables of their own, 384 KB for
 * each, would take more memory than their values, and a file can have hundreds of thousands of them.
 */
const leastCounted = 1 << 20;

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

  /** Adds to `counts` the values by the upper bits of their magnitude. */
  async addUpper(counts: Uint32Array): Promise<void> {
    if (this.bytes.length < leastCounted) {
      addFew(this.bytes, counts);
      return;
    }
    this.#upper ??= this.#counted({});
    add(counts, await this.#upper);
  }

  /** Adds to `counts` those of one bucket of the upper bits by the lower bits. */
  async addLower(bucket: number, counts: Uint32Array): Promise<void> {
    if (this.bytes.length < leastCounted) {
      addFew(this.bytes, counts, bucket);
      return;
    }
    const found = this.#lower.get(bucket) ?? this.#counted({ bucket });
    this.#lower.set(bucket, found);
    add(counts, await found);
  }

  async #counted(params: { bucket?: number }): Promise<Uint32Array> {
    const counts = noCounts();
    for (const piece of await overPieces(this.#pool, countMagnitudes, this.bytes, params))
      add(counts, piece.counts);
    return counts;
  }

  /** How many values have a magnitude whose bits are below a threshold. */
  async below(threshold: number): Promise<number> {
    const bucket = threshold >>> lowerBits;
    const rest = threshold & 0xffff;
    const upper = noCounts();
    await this.addUpper(upper);
    const whole = sum(upper.subarray(0, bucket));
    if (rest === 0) return whole;
    const lower = noCounts();
    await this.addLower(bucket, lower);
    return whole + sum(lower.subarray(0, rest));
  }
}

/** Magnitudes of few values, counted in place: see `countUpper` and `countLower`, whose tables are as large as these. */
function addFew(bytes: Uint8Array | LazyBytes, counts: Uint32Array, bucket?: number): void {
  const values = floatsOf(glimpseOf(bytes));
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (const word of words) {
    const bits = word & 0x7fff_ffff;
    const upper = bits >>> lowerBits;
    if (bucket !== undefined && upper !== bucket) continue;
    const at = bucket === undefined ? upper : bits & 0xffff;
    counts[at] = (counts[at] ?? 0) + 1;
  }
}

const noCounts = () => new Uint32Array(1 << lowerBits);

function add(counts: Uint32Array, more: Uint32Array): void {
  for (let at = 0; at < more.length; at++) counts[at] = (counts[at] ?? 0) + (more[at] ?? 0);
}

const sum = (counts: Uint32Array) => counts.reduce((a, b) => a + b, 0);

/** Magnitude bits below which the share `sparsity` of all tensors together lies; see `sparsityThreshold`. */
export async function sharedThreshold(group: readonly Magnitudes[], sparsity: number): Promise<number> {
  const kept = keptAt(
    group.reduce((count, one) => count + one.count, 0),
    sparsity,
  );
  const upper = noCounts();
  await Promise.all(group.map((one) => one.addUpper(upper)));
  const high = bucketFromTop(upper, kept);
  const lower = noCounts();
  await Promise.all(group.map((one) => one.addLower(high.bucket, lower)));
  return high.bucket * 2 ** lowerBits + bucketFromTop(lower, high.rest).bucket;
}
