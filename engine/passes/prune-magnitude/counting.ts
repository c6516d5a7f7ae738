import { countZeros } from "#engine/kernels/count.ts";
import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { countLower, countUpper } from "./select.ts";

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
  const table = bucket === undefined ? countUpper(values) : countLower(values, bucket);
  // Zero is in the first bucket.
  const zeros = bucket === undefined && table[0] !== 0 ? countZeros(values) : 0;
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

export const countMagnitudes = defineTask<typeof work>(import.meta.url);

/** Adds to a table of all buckets. */
export function add(table: Uint32Array, { buckets: met, counts }: Counted): void {
  for (let at = 0; at < met.length; at++) {
    const bucket = met[at] ?? 0;
    table[bucket] = (table[bucket] ?? 0) + (counts[at] ?? 0);
  }
}

/** Values in the buckets below one. */
export function sumBelow(tables: readonly Counted[], bucket: number): number {
  let sum = 0;
  for (const { buckets: met, counts } of tables) {
    for (let at = 0; at < met.length && (met[at] ?? 0) < bucket; at++) sum += counts[at] ?? 0;
  }
  return sum;
}
