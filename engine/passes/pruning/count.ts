import { countZeros } from "#engine/kernels/count.ts";
import type { Pruned } from "../prune-magnitude/select.ts";

/** The zeros of a weight before and after pruning, counted. */
export function countPruned(before: Float32Array, values: Float32Array): Pruned & { values: Float32Array } {
  return { values, zeros: countZeros(values), zerosBefore: countZeros(before) };
}
