import { inverseFactor } from "#engine/linear-algebra/inverse-factor.ts";
import { defineTask } from "../pool.ts";
import type { Blocks, Format } from "./blocks.ts";
import { dampened, gptq } from "./gptq.ts";
import { halfQuadratic } from "./hqq.ts";

/** A weight line by line, [lines, length]. */
export interface Lines {
  readonly data: Float32Array;
  readonly lines: number;
  readonly format: Format;
}

/** Weights of one length that are quantised together. */
export interface Work {
  readonly weights: readonly Lines[];
  readonly length: number;
  /** XᵀX of the inputs, [length, length], for GPTQ; HQQ where there is none. It is written over. */
  readonly gram: Float64Array | undefined;
}

/** The blocks of each weight, undefined where its values are not finite; "no-factor" where the inputs say nothing. */
export type WorkResult = (Blocks | undefined)[] | "no-factor";

export function work({ weights, length, gram }: Work): WorkResult {
  if (gram === undefined)
    return weights.map(({ data, lines, format }) => halfQuadratic(data, lines, length, format));
  const factor = dampened(gram, length, (matrix) => inverseFactor(matrix, length));
  if (factor === undefined) return "no-factor";
  return weights.map(({ data, lines, format }) => gptq(data, lines, length, factor, format));
}

export const blockwork = defineTask<typeof work>(import.meta.url);
