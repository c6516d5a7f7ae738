import { countBetween, countZeros } from "#engine/kernels/count.ts";
import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf, overPieces } from "../pieces.ts";
import { defineTask, type Pool } from "../pool.ts";
import { bucketFromTop, countLower, countUpper, keptAt } from "./select.ts";

/** How often each bucket was met: those that were met, in order. Tables of all are too large to hand around. */
export interface Counted {
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
  /** Values that are exactly zero; where buckets are those of the upper bits. */
  readonly zeros: number;
}

/** Values by the upper bits of their magnitude, or those of one such bucket by the lower bits. */
export function work({
  bytes,
  params: { bucket },
}: {
  bytes: Uint8Array | LazyBytes;
  params: { bucket?: number };
}): Counted {
  const values = floatsOf(glimpseOf(bytes));
  const zeros = bucket === undefined ? countZeros(values) : 0;
  const table = bucket === undefined ? countUpper(values) : countLower(values, bucket);
  return { ...metBuckets(table), zeros };
}

function metBuckets(table: Uint32Array): Omit<Counted, "zeros"> {
  let met = 0;
  for (let at = 0; at < table.length; at++) if (table[at] !== 0) met++;
  const found = { buckets: new Uint16Array(met), counts: new Uint32Array(met) };
  for (let at = 0, next = 0; at < table.length; at++) {
    const count = table[at] ?? 0;
    if (count === 0) continue;
    found.buckets[next] = at;
    found.counts[next++] = count;
  }
  return found;
}

const countMagnitudes = defineTask<typeof work>(import.meta.url);

const lowerBits = 16;
const buckets = 1 << lowerBits;
/**
 * Smaller tensors are counted again whenever somebody asks, on the caller's own thread: tables of their own would take
 * more memory than their values, and a file can have hundreds of thousands of them.
 */
const leastCounted = 1 << 20;

/** A tensor of float32 values, counted on the cores there are. */
export class Magnitudes {
  readonly bytes: Uint8Array | LazyBytes;
  readonly count: number;
  readonly #pool: Pool;
  readonly #tables = new Map<number | undefined, Promise<readonly Counted[]>>();

  constructor(bytes: Uint8Array | LazyBytes, pool: Pool) {
    this.bytes = bytes;
    this.count = bytes.length / 4;
    this.#pool = pool;
  }

  /** Adds to `counts` the values by the upper bits of their magnitude, or those of one such bucket by the lower bits. */
  async addTo(counts: Uint32Array, bucket?: number): Promise<void> {
    if (this.#isSmall) addFew(this.bytes, counts, bucket);
    else for (const table of await this.#counted(bucket)) add(counts, table);
  }

  /** How many values are exactly zero. */
  async zeros(): Promise<number> {
    if (this.#isSmall) return countZeros(floatsOf(glimpseOf(this.bytes)));
    return (await this.#counted(undefined)).reduce((sum, { zeros }) => sum + zeros, 0);
  }

  /** How many values have a magnitude whose bits are below a threshold. */
  async below(threshold: number): Promise<number> {
    if (this.#isSmall) return countBetween(floatsOf(glimpseOf(this.bytes)), -1, threshold);
    const bucket = threshold >>> lowerBits;
    const rest = threshold & (buckets - 1);
    const whole = sumBelow(await this.#counted(undefined), bucket);
    return rest === 0 ? whole : whole + sumBelow(await this.#counted(bucket), rest);
  }

  get #isSmall(): boolean {
    return this.bytes.length < leastCounted;
  }

  #counted(bucket: number | undefined): Promise<readonly Counted[]> {
    const known = this.#tables.get(bucket);
    if (known !== undefined) return known;
    const params = bucket === undefined ? {} : { bucket };
    const tables = overPieces(this.#pool, countMagnitudes, this.bytes, params);
    this.#tables.set(bucket, tables);
    return tables;
  }
}

/** Magnitudes of few values, counted in place: see `countUpper` and `countLower`, whose tables are as large as these. */
function addFew(bytes: Uint8Array | LazyBytes, counts: Uint32Array, bucket?: number): void {
  for (const word of wordsOf(bytes)) {
    const bits = word & 0x7fff_ffff;
    const upper = bits >>> lowerBits;
    if (bucket !== undefined && upper !== bucket) continue;
    const at = bucket === undefined ? upper : bits & (buckets - 1);
    counts[at] = (counts[at] ?? 0) + 1;
  }
}

function wordsOf(bytes: Uint8Array | LazyBytes): Int32Array {
  const values = floatsOf(glimpseOf(bytes));
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function add(table: Uint32Array, { buckets: met, counts }: Counted): void {
  for (let at = 0; at < met.length; at++) {
    const bucket = met[at] ?? 0;
    table[bucket] = (table[bucket] ?? 0) + (counts[at] ?? 0);
  }
}

/** Values in the buckets below one. */
function sumBelow(tables: readonly Counted[], bucket: number): number {
  let sum = 0;
  for (const { buckets: met, counts } of tables) {
    for (let at = 0; at < met.length && (met[at] ?? 0) < bucket; at++) sum += counts[at] ?? 0;
  }
  return sum;
}

/** Magnitude bits below which the share `sparsity` of all tensors together lies; see `sparsityThreshold`. */
export async function sharedThreshold(group: readonly Magnitudes[], sparsity: number): Promise<number> {
  const kept = keptAt(
    group.reduce((count, one) => count + one.count, 0),
    sparsity,
  );
  const upper = new Uint32Array(buckets);
  await Promise.all(group.map((one) => one.addTo(upper)));
  const high = bucketFromTop(upper, kept);
  const lower = new Uint32Array(buckets);
  await Promise.all(group.map((one) => one.addTo(lower, high.bucket)));
  return high.bucket * buckets + bucketFromTop(lower, high.rest).bucket;
}
