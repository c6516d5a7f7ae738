import { EngineError } from "#engine/error.ts";
import { detectScoreKind } from "../metrics/scores.ts";
import type { ItemOutputs } from "../tensors/item-outputs.ts";

/** How closely a variant's outputs follow the original's, per item where an item has a value of its own. */
export interface OutputFidelity {
  /** Cosine between the outputs of each item; 1 where both are zero. */
  readonly cosine: Float64Array;
  /** 1 where the largest value is at the same place; undefined for outputs of one value. */
  readonly agreement: Uint8Array | undefined;
  /** KL(original ‖ variant) per item in nats, where the original's outputs are probabilities. */
  readonly divergence: Float64Array | undefined;
  /** 10 log₁₀(Σ x² / Σ (x − y)²) over all items, infinite where nothing differs. */
  readonly sqnr: number;
  readonly maxAbsDiff: number;
  /** Values of the variant that are NaN or infinite where the original's are finite. */
  readonly nonFinite: number;
  /** True where the variant gives every item the same output and the original does not: it computes nonsense. */
  readonly constant: boolean;
}

/** Below this a probability counts as this in the divergence, which would be infinite. */
const smallestProbability = 2 ** -23;

/**
 * Compares outputs of one name, item by item. Values that are not finite in the variant count as maximal errors:
 * cosine 0, no agreement.
 *
 * @throws EngineError "data-mismatch" where the outputs have different shapes
 */
export function compareOutputs(original: ItemOutputs, variant: ItemOutputs): OutputFidelity {
  const { items } = original;
  const width = items === 0 ? 0 : original.values.length / items;
  if (variant.items !== items || variant.values.length !== original.values.length) {
    throw new EngineError(
      "data-mismatch",
      `The outputs differ in shape: ${items} items of [${original.itemDims.join(", ")}] and ${variant.items} of [${variant.itemDims.join(", ")}]`,
    );
  }
  const scores = { items, width, values: original.values };
  const isDistribution = width > 1 && detectScoreKind(scores) === "probabilities";
  const cosine = new Float64Array(items);
  const agreement = width > 1 ? new Uint8Array(items) : undefined;
  const divergence = isDistribution ? new Float64Array(items) : undefined;
  const total = { signal: 0, noise: 0, maxAbsDiff: 0, nonFinite: 0 };
  for (let item = 0; item < items; item++) {
    const one = original.values.subarray(item * width, (item + 1) * width);
    const other = variant.values.subarray(item * width, (item + 1) * width);
    const broken = accumulate(one, other, total);
    cosine[item] = broken ? 0 : cosineOf(one, other);
    if (agreement) agreement[item] = !broken && argMax(one) === argMax(other) ? 1 : 0;
    if (divergence) divergence[item] = klDivergence(one, other);
  }
  return {
    cosine,
    agreement,
    divergence,
    sqnr: total.noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(total.signal / total.noise),
    maxAbsDiff: total.maxAbsDiff,
    nonFinite: total.nonFinite,
    constant: isConstant(variant.values, items, width) && !isConstant(original.values, items, width),
  };
}

type Totals = { signal: number; noise: number; maxAbsDiff: number; nonFinite: number };

function accumulate(one: ArrayLike<number>, other: ArrayLike<number>, total: Totals): boolean {
  let broken = false;
  for (let index = 0; index < one.length; index++) {
    const x = one[index]!;
    const y = other[index]!;
    // Where the original itself is infinite, for example a mask, the variant should be so too.
    if (Object.is(x, y) || !Number.isFinite(x)) continue;
    if (!Number.isFinite(y)) {
      total.nonFinite++;
      total.noise = Number.POSITIVE_INFINITY;
      broken = true;
      continue;
    }
    total.noise += (x - y) ** 2;
    total.maxAbsDiff = Math.max(total.maxAbsDiff, Math.abs(x - y));
  }
  for (let index = 0; index < one.length; index++) {
    if (Number.isFinite(one[index]!)) total.signal += one[index]! ** 2;
  }
  return broken;
}

function cosineOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  // Scaling to the largest value keeps squares of very small or large outputs from leaving the range.
  const [scaleOne, scaleOther] = [largest(one), largest(other)];
  if (scaleOne === 0 && scaleOther === 0) return 1;
  if (scaleOne === 0 || scaleOther === 0) return 0;
  let dot = 0;
  let first = 0;
  let second = 0;
  for (let index = 0; index < one.length; index++) {
    const x = one[index]! / scaleOne;
    const y = other[index]! / scaleOther;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    dot += x * y;
    first += x * x;
    second += y * y;
  }
  return Math.min(1, Math.max(-1, dot / Math.sqrt(first * second)));
}

function largest(values: ArrayLike<number>): number {
  let found = 0;
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index]!);
    if (Number.isFinite(size) && size > found) found = size;
  }
  return found;
}

function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}

function klDivergence(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) {
    const p = one[index]!;
    if (p > 0)
      sum += p * Math.log(p / Math.max(Number.isNaN(other[index]!) ? 0 : other[index]!, smallestProbability));
  }
  // Rounding of nearly equal distributions can give a tiny negative sum.
  return Math.max(0, sum);
}

function isConstant(values: ArrayLike<number>, items: number, width: number): boolean {
  if (items < 2) return false;
  for (let index = width; index < items * width; index++) {
    if (!Object.is(values[index], values[index % width])) return false;
  }
  return true;
}
