import { arena } from "#engine/kernels/arena.ts";
import { roundHalfEven } from "#engine/onnx/floats.ts";
import type { LazyBytes } from "#engine/onnx/lazy.ts";

/*
 * Magnitudes as integers: the bits of a float32 without its sign grow with the magnitude, so that ranking needs no
 * comparison of floats. NaN ranks above everything and is therefore kept.
 */
const upperBuckets = 1 << 15;
const lowerBuckets = 1 << 16;

/** Counts values by the upper 15 bits of their magnitude. */
export function countUpper(values: Float32Array): Uint32Array {
  const { kernels } = arena();
  let padding = 0;
  const found = arena().count(upperBuckets, values, ({ from, end, pad }, counts) => {
    kernels.countUpper(from, end, counts);
    padding += pad;
  });
  found[0] = (found[0] ?? 0) - padding;
  return found;
}

/** Counts the values of one bucket of `countUpper` by the lower 16 bits of their magnitude. */
export function countLower(values: Float32Array, upper: number): Uint32Array {
  const { kernels } = arena();
  let padding = 0;
  const found = arena().count(lowerBuckets, values, ({ from, end, pad }, counts) => {
    kernels.countLower(from, end, counts, upper);
    padding += pad;
  });
  if (upper === 0) found[0] = (found[0] ?? 0) - padding;
  return found;
}

/** How many of `count` weights stay at a sparsity: k = max(round(n·(1 − s)), 1), half to even. */
export function keptAt(count: number, sparsity: number): number {
  return Math.max(roundHalfEven(count * (1 - sparsity)), 1);
}

/**
 * Magnitude bits of the k-th largest value of all parts together, in two counting passes: one over the upper 15 bits
 * of the magnitude, one over the lower 16 bits of those values that share the bucket found. Linear in time, no copy.
 *
 * @param k 1 for the largest
 */
export function kthLargestMagnitude(parts: readonly Float32Array[], k: number): number {
  const high = bucketFromTop(totalCounts(parts.map(countUpper)), k);
  const lower = totalCounts(parts.map((part) => countLower(part, high.bucket)));
  return high.bucket * lowerBuckets + bucketFromTop(lower, high.rest).bucket;
}

/**
 * Magnitude bits below which the share `sparsity` of all parts together lies: those of the k-th largest magnitude, where
 * k = max(round(n·(1 − s)), 1), half to even (`pruning_impl.py` of the TensorFlow Model Optimization Toolkit).
 */
export function sparsityThreshold(parts: readonly Float32Array[], sparsity: number): number {
  const count = parts.reduce((sum, { length }) => sum + length, 0);
  return kthLargestMagnitude(parts, keptAt(count, sparsity));
}

/** Sums of several counts of the same things. */
export function totalCounts(counts: readonly Uint32Array[]): Uint32Array {
  const [first = new Uint32Array(lowerBuckets), ...others] = counts;
  const all = first.slice();
  for (const other of others) {
    for (let at = 0; at < all.length; at++) all[at] = (all[at] ?? 0) + (other[at] ?? 0);
  }
  return all;
}

/** The bucket that holds the k-th entry from the top, and its rank within that bucket. */
export function bucketFromTop(counts: Uint32Array, k: number): { bucket: number; rest: number } {
  let rest = k;
  for (let bucket = counts.length - 1; bucket >= 0; bucket--) {
    const count = counts[bucket] ?? 0;
    if (rest <= count) return { bucket, rest };
    rest -= count;
  }
  return { bucket: 0, rest: 1 };
}

export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

export interface Pruned {
  /** A copy in which everything below the threshold is zero. Lazy ones are bytes in the type of the tensor. */
  readonly values: Float32Array | LazyBytes;
  /** Zeros in the copy. */
  readonly zeros: number;
  /** Zeros that were there before. */
  readonly zerosBefore: number;
}

/** Zeroes everything whose magnitude bits are below the threshold. */
export function zeroBelow(values: Float32Array, threshold: number): Pruned & { values: Float32Array } {
  const { bytes, zeros, zerosBefore } = zeroed(values, threshold);
  return { values: new Float32Array(bytes.slice().buffer), zeros, zerosBefore };
}

/** As `zeroBelow`: bytes that are valid until the next kernel runs. */
export function zeroed(values: Float32Array, threshold: number) {
  const { kernels } = arena();
  let below = 0;
  let zerosBefore = 0;
  const bytes = arena().map(values, 4, ({ from, end, pad }, to) => {
    const [gone, already] = kernels.zeroBelow(from, end, to, threshold);
    below += gone - (threshold > 0 ? pad : 0);
    zerosBefore += already - pad;
  });
  return { bytes, zeros: threshold === 0 ? zerosBefore : below, zerosBefore };
}

/** Bits of the smallest float32 that is not below `threshold`. */
export function thresholdBits(threshold: number): number {
  const rounded = new Float32Array([threshold]);
  const bits = bitsOf(rounded)[0] ?? 0;
  return (rounded[0] ?? 0) < threshold ? bits + 1 : bits;
}
