import type { Emitter } from "../autodiff/emitter.ts";
import { type Operand, sizeOf } from "../autodiff/operand.ts";
import { mul, reduceSum, reshape } from "../autodiff/tensors.ts";

/** A loss as nodes: one number, and its gradient with respect to the prediction, from which the backward pass starts. */
export interface LossNodes {
  /** Shape []. */
  readonly loss: Operand;
  /** In the shape of the prediction. */
  readonly gradient: Operand;
}

/** The sum of all values, times a factor, as a scalar. */
export function scaledSum(emit: Emitter, x: Operand, factor: number): Operand {
  const flat = reshape(emit, x, [sizeOf(x.dims)]);
  const sum = reduceSum(emit, flat, [0], false);
  return factor === 1 ? sum : mul(emit, sum, factor);
}

/** Number of rows of a prediction: every axis but the last. */
export function rowsOf({ dims }: Operand): number {
  return sizeOf(dims.slice(0, -1));
}
