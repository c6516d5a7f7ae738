import type { IntegerRange } from "./range.ts";

export interface ScaleZeroPoint {
  /** float32. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Below the smallest normal float32 a scale is useless. */
const smallestNormal = 2 ** -126;

/** Adding and subtracting it rounds a float64 below 2^51 to an integer, half to even. */
const roundingMagic = 6755399441055744;

export function roundToEven(value: number): number {
  return Math.abs(value) < 2 ** 51 ? value + roundingMagic - roundingMagic : value;
}

/**
 * Scale and zero point that map the real interval [min, max] onto an integer range, after ONNX Runtime's
 * `compute_scale_zp`: the interval is widened to hold 0, symmetric ranges take ±max abs, the difference is taken in
 * float32 and divided in float64, and the scale is rounded to float32 after the zero point is known.
 *
 * @param min, max float32 values
 */
export function scaleZeroPoint(
  min: number,
  max: number,
  range: IntegerRange,
  symmetric: boolean,
): ScaleZeroPoint {
  let low = Math.min(min, 0);
  let high = Math.max(max, 0);
  if (symmetric) {
    high = Math.max(-low, high);
    low = -high;
  }
  const scale = Math.fround(high - low) / (range.max - range.min);
  if (scale < smallestNormal) return { scale: 1, zeroPoint: 0 };
  const zeroPoint = symmetric
    ? roundToEven((range.min + range.max) / 2)
    : roundToEven(range.min - low / scale);
  return { scale: Math.fround(scale), zeroPoint: zeroPoint + 0 };
}
