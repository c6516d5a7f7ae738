import type { Scores } from "./scores.ts";

export interface RegressionResult {
  /** (prediction − target)² per item, averaged over outputs where there are several. */
  readonly squared: Float64Array;
  /** |prediction − target| per item. */
  readonly absolute: Float64Array;
}

/** Errors of a regression per item. A prediction that is not finite makes the error infinite, never zero. */
export function scoreRegression(scores: Scores, targets: ArrayLike<number>): RegressionResult {
  const { items, width, values } = scores;
  const squared = new Float64Array(items);
  const absolute = new Float64Array(items);
  for (let item = 0; item < items; item++) {
    for (let index = 0; index < width; index++) {
      const error = values[item * width + index]! - targets[item]!;
      const size = Number.isFinite(error) ? Math.abs(error) : Number.POSITIVE_INFINITY;
      squared[item]! += (size * size) / width;
      absolute[item]! += size / width;
    }
  }
  return { squared, absolute };
}
