import { exp } from "../numeric/arithmetic.ts";

/**
 * Softmax with cross-entropy for one sample: writes the gradient softmax(logits) − onehot(label) and returns the
 * probability of the label. (The loss itself, −log p, needs a logarithm that training does not.)
 */
export function crossEntropy(logits: Float64Array, label: number, gradient: Float64Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > max) max = logit;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const e = exp(logits[i]! - max);
    gradient[i] = e;
    sum += e;
  }
  for (let i = 0; i < logits.length; i++) gradient[i]! /= sum;
  const probability = gradient[label]!;
  gradient[label]! -= 1;
  return probability;
}

/** The index of the largest value, the first one of several. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
