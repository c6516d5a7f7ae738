import { roundHalfEven } from "#engine/onnx/floats.ts";
import type { LazyBytes } from "#engine/onnx/lazy.ts";

/**
 * Magnitudes as integers: the bits of a float32 without its sign grow with the magnitude, so that ranking needs no
 * comparison of floats. NaN ranks above everything and is therefore kept.
 */
const magnitudeMask = 0x7fff_ffff;

const upperBuckets = 1 << 15;
const lowerBuckets = 1 << 16;

/** Counts values by the upper 15 bits of their magnitude. */
export function countUpper(
  words: Int32Array,
  counts: Uint32Array = new Uint32Array(upperBuckets),
): Uint32Array {
  for (let index = 0; index < words.length; index++) {
    const bucket = ((words[index] ?? 0) & magnitudeMask) >>> 16;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

/** Counts the values of one bucket of `countUpper` by the lower 16 bits of their magnitude. */
export function countLower(
  words: Int32Array,
  upper: number,
  counts: Uint32Array = new Uint32Array(lowerBuckets),
): Uint32Array {
  for (let index = 0; index < words.length; index++) {
    const bits = (words[index] ?? 0) & magnitudeMask;
    if (bits >>> 16 !== upper) continue;
    const bucket = bits & 0xffff;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
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
  const words = parts.map((part) => new Int32Array(part.buffer, part.byteOffset, part.length));
  const upper = new Uint32Array(upperBuckets);
  for (const part of words) countUpper(part, upper);
  const high = bucketFromTop(upper, k);
  const lower = new Uint32Array(lowerBuckets);
  for (const part of words) countLower(part, high.bucket, lower);
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
  /** A copy in which everything below the threshold is zero. Lazy ones are the bytes of float32 values. */
  readonly values: Float32Array | LazyBytes;
  /** Zeros in the copy. */
  readonly zeros: number;
  /** Zeros that were there before. */
  readonly zerosBefore: number;
}

/**
 * Zeroes everything whose magnitude bits are below the threshold. Without branches: half of the values go one way and
 * half the other, which no processor predicts.
 */
export function zeroBelow(values: Float32Array, threshold: number): Pruned & { values: Float32Array } {
  const source = new Int32Array(values.buffer, values.byteOffset, values.length);
  const out = new Int32Array(values.length);
  let below = 0;
  let zerosBefore = 0;
  for (let index = 0; index < source.length; index++) {
    const word = source[index] ?? 0;
    const magnitude = word & magnitudeMask;
    // All ones where the magnitude is smaller: both are below 2^31, so the sign of the difference tells.
    const gone = (magnitude - threshold) >> 31;
    below -= gone;
    zerosBefore -= (magnitude - 1) >> 31;
    out[index] = word & ~gone;
  }
  return { values: new Float32Array(out.buffer), zeros: threshold === 0 ? zerosBefore : below, zerosBefore };
}

/** Bits of the smallest float32 that is not below `threshold`. */
export function thresholdBits(threshold: number): number {
  const rounded = new Float32Array([threshold]);
  const bits = bitsOf(rounded)[0] ?? 0;
  return (rounded[0] ?? 0) < threshold ? bits + 1 : bits;
}
