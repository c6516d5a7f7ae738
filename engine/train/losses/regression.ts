import type { Emitter } from "../autodiff/emitter.ts";
import { type Operand, sizeOf } from "../autodiff/operand.ts";
import { abs, add, exp, greater, log, mul, neg, sigmoid, sign, sub, where } from "../autodiff/tensors.ts";
import { type LossNodes, scaledSum } from "./loss.ts";

/** Mean of the squared errors; the gradient is 2 (y − t) / n. */
export function meanSquaredError(emit: Emitter, prediction: Operand, target: Operand): LossNodes {
  const count = sizeOf(prediction.dims);
  const error = sub(emit, prediction, target);
  return {
    loss: scaledSum(emit, mul(emit, error, error), 1 / count),
    gradient: mul(emit, error, 2 / count),
  };
}

/**
 * Huber's loss (1964), mean over all values: e² / 2 up to |e| = δ, δ (|e| − δ / 2) beyond. Its gradient is the error, cut
 * at ±δ.
 */
export function huber(emit: Emitter, prediction: Operand, target: Operand, delta: number): LossNodes {
  const count = sizeOf(prediction.dims);
  const error = sub(emit, prediction, target);
  const size = abs(emit, error);
  const isFar = greater(emit, size, delta);
  const near = mul(emit, mul(emit, error, error), 0.5);
  const far = mul(emit, sub(emit, size, delta / 2), delta);
  const cut = where(emit, isFar, mul(emit, sign(emit, error), delta), error);
  return {
    loss: scaledSum(emit, where(emit, isFar, far, near), 1 / count),
    gradient: mul(emit, cut, 1 / count),
  };
}

/**
 * Binary cross-entropy of logits z with probabilities t, mean over all values, in the form that does not overflow:
 * max(z, 0) − z t + log(1 + e^−|z|). Its gradient is (σ(z) − t) / n.
 */
export function binaryCrossEntropy(emit: Emitter, logits: Operand, target: Operand): LossNodes {
  const count = sizeOf(logits.dims);
  const soft = log(emit, add(emit, exp(emit, neg(emit, abs(emit, logits))), 1));
  const linear = sub(emit, emit.op("Relu", [logits], logits.dims), mul(emit, logits, target));
  return {
    loss: scaledSum(emit, add(emit, linear, soft), 1 / count),
    gradient: mul(emit, sub(emit, sigmoid(emit, logits), target), 1 / count),
  };
}
