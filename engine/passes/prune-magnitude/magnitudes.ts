import { countBetween, countZeros } from "#engine/kernels/count.ts";
import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf, overPieces } from "../pieces.ts";
import type { Pool } from "../pool.ts";
import { add, type Counted, countMagnitudes, sumBelow } from "./counting.ts";
import { type Gathered, gather, gatherMagnitudes, type Window } from "./gather.ts";

const lowerBits = 16;
/** Buckets of either half of a magnitude's bits. */
export const buckets = 1 << lowerBits;
/**
 * Smaller tensors are counted again whenever somebody asks, on the caller's own thread: tables of their own would take
 * more memory than their values, and a file can have hundreds of thousands of them.
 */
const leastCounted = 1 << 20;

/** How many values of a tensor are below a threshold, and how many are zero. */
export interface Tally {
  readonly below: number;
  readonly zeros: number;
}

/** A tensor of float32 values, counted on the cores there are. */
export class Magnitudes {
  readonly bytes: Uint8Array | LazyBytes;
  readonly count: number;
  readonly #pool: Pool;
  readonly #tables = new Map<number | undefined, Promise<readonly Counted[]>>();
  #gathered: { readonly window: Window; readonly parts: Promise<readonly Gathered[]> } | undefined;

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

  /** What one pass over the values tells. The last window is kept for `tally`. */
  gather(window: Window): Promise<readonly Gathered[]> {
    if (this.#isSmall) return Promise.resolve([gather(floatsOf(glimpseOf(this.bytes)), window)]);
    const parts = overPieces(this.#pool, gatherMagnitudes, this.bytes, window);
    this.#gathered = { window, parts };
    return parts;
  }

  /** From what is known already, where that is enough. The threshold is the bits of a magnitude. */
  async tally(threshold: number): Promise<Tally> {
    if (this.#isSmall) {
      const values = floatsOf(glimpseOf(this.bytes));
      return { below: countBetween(values, -1, threshold), zeros: countZeros(values) };
    }
    const known = (await this.#fromGathered(threshold)) ?? (await this.#fromTables(threshold));
    if (known !== undefined) return known;
    const edge = Math.max(1, threshold);
    const parts = await this.gather({ low: edge, high: edge });
    const zeros = sum(parts, (part) => part.zeros);
    return { below: threshold === 0 ? 0 : sum(parts, (part) => part.below), zeros };
  }

  async #fromGathered(threshold: number): Promise<Tally | undefined> {
    const { window, parts } = this.#gathered ?? {};
    if (window === undefined || threshold < window.low || threshold > window.high) return undefined;
    let [below, zeros] = [0, 0];
    for (const part of (await parts) ?? []) {
      if (part.inside === undefined) return undefined;
      below += part.below + countBetween(part.inside, -1, threshold);
      zeros += part.zeros;
    }
    return { below, zeros };
  }

  async #fromTables(threshold: number): Promise<Tally | undefined> {
    const upper = await this.#tables.get(undefined);
    if (upper === undefined) return undefined;
    const zeros = sum(upper, (table) => table.zeros);
    const bucket = threshold >>> lowerBits;
    const rest = threshold & (buckets - 1);
    const whole = sumBelow(upper, bucket);
    return { below: rest === 0 ? whole : whole + sumBelow(await this.#counted(bucket), rest), zeros };
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

function sum<Part>(parts: readonly Part[], of: (part: Part) => number): number {
  return parts.reduce((all, part) => all + of(part), 0);
}
