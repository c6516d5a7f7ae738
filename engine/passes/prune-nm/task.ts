import { defineTask } from "../pool.ts";
import { keepPerGroup, magnitudes } from "../pruning/choose.ts";
import { countPruned } from "../pruning/count.ts";
import type { Lines } from "../pruning/lines.ts";

export interface TaskInput {
  readonly values: Float32Array;
  readonly lines: Lines;
  readonly n: number;
  readonly m: number;
}

/** n:m sparsity of one tensor, for any core. */
export function work({ values, lines, n, m }: TaskInput) {
  return countPruned(values, keepPerGroup({ values, scores: magnitudes(values) }, lines, n, m));
}

export const keepLargest = defineTask<typeof work>(import.meta.url);
