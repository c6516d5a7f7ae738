import { predictedClass, type ScoreKind, type Scores } from "./scores.ts";

/** Per-item results of a classifier, so that two models can be compared item by item. */
export interface ClassificationResult {
  readonly predicted: Int32Array;
  /** 1 where the predicted class is the label. */
  readonly correct: Uint8Array;
  /** Cross-entropy in nats. */
  readonly loss: Float64Array;
}

/** Softmax outputs in float32 underflow to 0; the spacing of float32 at 1 stands for "practically impossible". */
const smallestProbability = 2 ** -23;

/**
 * Scores a classifier on labelled items.
 *
 * Loss: −ln p(label); from logits x it is ln Σ exp(xᵢ) − x(label), computed without overflow. A probability below
 * 2⁻²³ counts as 2⁻²³. An item whose scores are not finite is wrong, with the loss of the smallest probability.
 *
 * @param labels class index per item, same length as the scores
 */
export function scoreClassification(
  scores: Scores,
  labels: ArrayLike<number>,
  kind: ScoreKind,
): ClassificationResult {
  const { items } = scores;
  const predicted = new Int32Array(items);
  const correct = new Uint8Array(items);
  const loss = new Float64Array(items);
  for (let item = 0; item < items; item++) {
    const label = labels[item]!;
    const valid = isFiniteRow(scores, item);
    predicted[item] = valid ? predictedClass(scores, item, kind) : -1;
    correct[item] = predicted[item] === label ? 1 : 0;
    loss[item] = valid ? itemLoss(scores, item, label, kind) : -Math.log(smallestProbability);
  }
  return { predicted, correct, loss };
}

function isFiniteRow({ width, values }: Scores, item: number): boolean {
  for (let index = item * width; index < (item + 1) * width; index++) {
    if (!Number.isFinite(values[index]!)) return false;
  }
  return true;
}

function itemLoss({ width, values }: Scores, item: number, label: number, kind: ScoreKind): number {
  if (width === 1) {
    const value = values[item]!;
    if (kind === "logits") {
      // ln(1 + exp(∓x)), in the form that never overflows.
      const signed = label === 1 ? -value : value;
      return Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)));
    }
    return -Math.log(Math.max(label === 1 ? value : 1 - value, smallestProbability));
  }
  const start = item * width;
  if (kind === "probabilities") return -Math.log(Math.max(values[start + label]!, smallestProbability));
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = start; index < start + width; index++) largest = Math.max(largest, values[index]!);
  let sum = 0;
  for (let index = start; index < start + width; index++) sum += Math.exp(values[index]! - largest);
  return Math.log(sum) + largest - values[start + label]!;
}
