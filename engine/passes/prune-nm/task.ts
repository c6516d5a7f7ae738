import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { keepPerGroup, magnitudes } from "../pruning/choose.ts";
import { countPruned } from "../pruning/count.ts";
import type { Lines } from "../pruning/lines.ts";

export interface TaskInput {
  /** Of float32. */
  readonly bytes: Uint8Array | LazyBytes;
  readonly lines: Lines;
  readonly n: number;
  readonly m: number;
}

/** n:m sparsity of one tensor, for any core. */
export function work({ bytes, lines, n, m }: TaskInput) {
  const values = floatsOf(bytesOf(bytes));
  return countPruned(values, keepPerGroup({ values, scores: magnitudes(values) }, lines, n, m));
}

export const keepLargest = defineTask<typeof work>(import.meta.url);
