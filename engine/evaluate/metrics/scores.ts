import { EngineError } from "#engine/error.ts";

/** Scores of a model: `items` rows of `width` values. */
export interface Scores {
  readonly items: number;
  readonly width: number;
  readonly values: Float32Array | Float64Array;
}

/** What the numbers of a classifier mean. */
export type ScoreKind = "logits" | "probabilities";

/** Sums of float16 or int8 softmax outputs are off by this much. */
const sumTolerance = 0.02;

/**
 * Tells probabilities from logits: they are probabilities where every value lies in [0, 1] and every row sums to
 * 1 within 0.02 (one column: where every value lies in [0, 1]); anything else is logits. Log-probabilities count
 * as logits, which gives the right loss because softmax undoes the logarithm.
 *
 * Decide on the baseline and use the answer for its variants too, or a quantised softmax could flip it.
 */
export function detectScoreKind(scores: Scores): ScoreKind {
  const { items, width, values } = scores;
  for (let item = 0; item < items; item++) {
    let sum = 0;
    for (let index = item * width; index < (item + 1) * width; index++) {
      const value = values[index]!;
      if (!(value >= 0 && value <= 1)) return "logits";
      sum += value;
    }
    if (width > 1 && Math.abs(sum - 1) > sumTolerance) return "logits";
  }
  return "probabilities";
}

/**
 * Views per-item outputs as scores.
 *
 * @throws EngineError "data-mismatch" where labels need more classes than the model has
 */
export function asScores(
  outputs: { readonly items: number; readonly values: Float32Array | Float64Array },
  classes?: number,
): Scores {
  const width = outputs.items === 0 ? 0 : outputs.values.length / outputs.items;
  // One column is a yes-or-no model: its value is the score of class 1.
  const able = width === 1 ? 2 : width;
  if (classes !== undefined && classes > able) {
    throw new EngineError(
      "data-mismatch",
      `The labels have ${classes} classes, the model scores ${able}: is this the right output, or label column?`,
    );
  }
  return { items: outputs.items, width, values: outputs.values };
}

/** Position of the largest score of an item, the first of equal ones; NaN never wins. One column: 0 or 1. */
export function predictedClass(scores: Scores, item: number, kind: ScoreKind): number {
  const { width, values } = scores;
  if (width === 1) return values[item]! >= (kind === "probabilities" ? 0.5 : 0) ? 1 : 0;
  let best = 0;
  for (let index = 1; index < width; index++) {
    const value = values[item * width + index]!;
    const champion = values[item * width + best]!;
    if (value > champion || (Number.isNaN(champion) && !Number.isNaN(value))) best = index;
  }
  return best;
}
