import type { ScoreAxis } from "./score-axis.ts";

/** Below this a probability counts as this in the divergence, which would be infinite. */
const smallestProbability = 2 ** -23;

/** Mean of `of` over the positions of an item; `start` is the place of the position's first class. */
function meanOver({ classes, stride, positions }: ScoreAxis, of: (start: number) => number): number {
  let sum = 0;
  for (let position = 0; position < positions; position++) {
    sum += of(Math.floor(position / stride) * classes * stride + (position % stride));
  }
  return sum / positions;
}

/**
 * Share of an item's positions at which two outputs have their largest score at the same class, the first of equal
 * ones; 0 to 1. NaN never is the largest. A position where the variant has a value that is not finite and the
 * original's is does not agree.
 */
export function agreementOf(one: ArrayLike<number>, other: ArrayLike<number>, axis: ScoreAxis): number {
  return meanOver(axis, (start) => {
    const end = start + axis.classes * axis.stride;
    for (let at = start; at < end; at += axis.stride) {
      if (Number.isFinite(one[at]!) && !Number.isFinite(other[at]!)) return 0;
    }
    return argMax(one, start, end, axis.stride) === argMax(other, start, end, axis.stride) ? 1 : 0;
  });
}

function argMax(values: ArrayLike<number>, start: number, end: number, stride: number): number {
  let best = start;
  for (let at = start + stride; at < end; at += stride) {
    if (values[at]! > values[best]! || (Number.isNaN(values[best]!) && !Number.isNaN(values[at]!))) best = at;
  }
  return best;
}

/** Mean over an item's positions of KL(one ‖ other) in nats, for outputs that are probabilities. */
export function divergenceOf(one: ArrayLike<number>, other: ArrayLike<number>, axis: ScoreAxis): number {
  return meanOver(axis, (start) => {
    let sum = 0;
    for (let index = 0; index < axis.classes; index++) {
      const at = start + index * axis.stride;
      const p = one[at]!;
      const q = Number.isNaN(other[at]!) ? 0 : other[at]!;
      if (p > 0) sum += p * Math.log(p / Math.max(q, smallestProbability));
    }
    // Rounding of nearly equal distributions can give a tiny negative sum.
    return Math.max(0, sum);
  });
}
