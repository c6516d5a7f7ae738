import { EngineError } from "#engine/error.ts";
import type { ItemOutputs } from "../tensors/item-outputs.ts";
import { agreementOf, divergenceOf } from "./at-positions.ts";
import { cosineOf } from "./cosine.ts";
import { scoreAxis } from "./score-axis.ts";

/** How closely a variant's outputs follow the original's, per item where an item has a value of its own. */
export interface OutputFidelity {
  /**
   * Cosine between the outputs of each item; 1 where both are zero. Undefined for outputs of one value per item, whose
   * cosine is only the agreement of signs: it would call a probability of 0.9 in the place of 0.1 perfect.
   */
  readonly cosine: Float64Array | undefined;
  /** Share of the item's positions whose largest score is of the same class; undefined where `scoreAxis` finds none. */
  readonly agreement: Float64Array | undefined;
  /** Positions per item that `agreement` is a share of: 1 where it is a yes or no. */
  readonly positions: number;
  /** KL(original ‖ variant) per item in nats, mean over its positions, where the original's scores are probabilities. */
  readonly divergence: Float64Array | undefined;
  /** Σ x² of each item, over the original's finite values. */
  readonly signal: Float64Array;
  /** Σ (x − y)² of each item; infinite where the variant has a value that is not finite. */
  readonly noise: Float64Array;
  /** √(Σ (x − y)² / Σ x²) over all items: 0 where nothing differs. For any width of outputs. */
  readonly relativeError: number;
  /** 10 log₁₀(Σ x² / Σ (x − y)²) over all items, infinite where nothing differs. */
  readonly sqnr: number;
  readonly maxAbsDiff: number;
  /** Values of the variant that are NaN or infinite where the original's are finite. */
  readonly nonFinite: number;
  /** True where the variant gives every item the same output and the original does not: it computes nonsense. */
  readonly constant: boolean;
}

/**
 * Compares outputs of one name, item by item. Values that are not finite in the variant count as maximal errors:
 * cosine 0, no agreement.
 *
 * @param name of the output, which helps to tell scores from other vectors
 * @throws EngineError "data-mismatch" where the outputs have different shapes
 */
export function compareOutputs(original: ItemOutputs, variant: ItemOutputs, name = ""): OutputFidelity {
  const { items } = original;
  const width = items === 0 ? 0 : original.values.length / items;
  if (variant.items !== items || variant.values.length !== original.values.length) {
    throw new EngineError(
      "data-mismatch",
      `The outputs differ in shape: ${items} items of [${original.itemDims.join(", ")}] and ${variant.items} of [${variant.itemDims.join(", ")}]`,
    );
  }
  const axis = scoreAxis(name, original);
  const cosine = width > 1 ? new Float64Array(items) : undefined;
  const agreement = axis && new Float64Array(items);
  const divergence = axis?.isDistribution ? new Float64Array(items) : undefined;
  const [signal, noise] = [new Float64Array(items), new Float64Array(items)];
  const extremes = { maxAbsDiff: 0, nonFinite: 0 };
  for (let item = 0; item < items; item++) {
    const one = original.values.subarray(item * width, (item + 1) * width);
    const other = variant.values.subarray(item * width, (item + 1) * width);
    signal[item] = signalOf(one);
    noise[item] = noiseOf(one, other, extremes);
    if (cosine) cosine[item] = noise[item] === Number.POSITIVE_INFINITY ? 0 : cosineOf(one, other);
    if (axis && agreement) agreement[item] = agreementOf(one, other, axis);
    if (axis && divergence) divergence[item] = divergenceOf(one, other, axis);
  }
  const ratio = noiseRatio(sum(signal), sum(noise));
  return {
    cosine,
    agreement,
    positions: axis?.positions ?? 0,
    divergence,
    signal,
    noise,
    relativeError: Math.sqrt(ratio),
    sqnr: decibels(ratio),
    ...extremes,
    constant: isConstant(variant.values, items, width) && !isConstant(original.values, items, width),
  };
}

/** Σ (x − y)² / Σ x²: 0 where nothing differs, infinite where an original of zeros does not stay so. */
export function noiseRatio(signal: number, noise: number): number {
  return noise === 0 ? 0 : noise / signal;
}

/** The ratio of noise to signal as the decibels that the signal stands above it; infinite for no noise. */
export const decibels = (ratio: number): number =>
  ratio === 0 ? Number.POSITIVE_INFINITY : -10 * Math.log10(ratio);

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

function signalOf(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index]!)) total += values[index]! ** 2;
  }
  return total;
}

function noiseOf(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  extremes: { maxAbsDiff: number; nonFinite: number },
): number {
  let total = 0;
  for (let index = 0; index < one.length; index++) {
    const x = one[index]!;
    const y = other[index]!;
    // Where the original itself is infinite, for example a mask, the variant should be so too.
    if (Object.is(x, y) || !Number.isFinite(x)) continue;
    if (!Number.isFinite(y)) {
      extremes.nonFinite++;
      total = Number.POSITIVE_INFINITY;
      continue;
    }
    total += (x - y) ** 2;
    extremes.maxAbsDiff = Math.max(extremes.maxAbsDiff, Math.abs(x - y));
  }
  return total;
}

function isConstant(values: ArrayLike<number>, items: number, width: number): boolean {
  if (items < 2) return false;
  for (let index = width; index < items * width; index++) {
    if (!Object.is(values[index], values[index % width])) return false;
  }
  return true;
}
