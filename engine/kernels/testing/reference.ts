/** The kernels, value by value: what `kernels.wat` must agree with to the bit. */

const infinity = 0x7f80_0000;
const largest = 0x477f_e000;
const smallestNormal = 0x3880_0000;
const smallest = 0x337f_fae5;

const magnitudesOf = (values: Float32Array) =>
  new Uint32Array(values.slice().buffer).map((word) => word & 0x7fff_ffff);

export function countBetween(values: Float32Array, above: number, below: number): number {
  return magnitudesOf(values).filter((magnitude) => magnitude > above && magnitude < below).length;
}

/** float32 → float16, half to even, after ONNX Runtime's `convert_np_to_float16`. */
export function toHalves(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(words, (word) => ((word >>> 16) & 0x8000) | halfOf(word & 0x7fff_ffff));
}

function halfOf(magnitude: number): number {
  if (magnitude >= largest) {
    if (magnitude < infinity) return 0x7bff;
    return magnitude === infinity ? 0x7c00 : 0x7e00;
  }
  if (magnitude >= smallestNormal) {
    const rebased = magnitude - 0x3800_0000;
    return (rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13;
  }
  if (magnitude === 0) return 0;
  if (magnitude < smallest) return 1;
  const mantissa = (magnitude & 0x7f_ffff) | 0x80_0000;
  const shift = 126 - (magnitude >>> 23);
  const whole = mantissa >>> shift;
  const rest = mantissa - (whole << shift);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole;
}

/** float32 → bfloat16, half to even; NaN becomes 0x7fc0 with its sign. */
export function toBrains(values: Float32Array): Uint16Array {
  return Uint16Array.from(new Uint32Array(values.slice().buffer), (word) =>
    (word & 0x7fff_ffff) > infinity
      ? ((word >>> 16) & 0x8000) | 0x7fc0
      : Math.floor((word + 0x7fff + ((word >>> 16) & 1)) / 0x1_0000),
  );
}

export function extent(values: Float32Array) {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return {
    // Never -0.
    min: numbers.reduce((a, b) => Math.min(a, b), 0) + 0,
    max: numbers.reduce((a, b) => Math.max(a, b), 0) + 0,
    isNumber: numbers.length === values.length,
  };
}

/** q = clip(rint(float32(x / scale)) + zero point), half to even; NaN becomes 0. */
export function quantized(
  values: Float32Array,
  { scale, zeroPoint, min, max }: { scale: number; zeroPoint: number; min: number; max: number },
): number[] {
  return Array.from(values, (value) => {
    const ratio = Math.fround(value / scale);
    const down = Math.floor(ratio);
    const odd = down % 2 !== 0;
    const rest = ratio - down;
    const rounded = !Number.isFinite(ratio) ? ratio : rest > 0.5 || (rest === 0.5 && odd) ? down + 1 : down;
    const clipped = Math.max(min, Math.min(max, rounded + zeroPoint));
    return Number.isNaN(clipped) ? 0 : clipped + 0;
  });
}

export function zeroBelow(values: Float32Array, threshold: number) {
  const magnitudes = magnitudesOf(values);
  return {
    // Of words: what JavaScript makes of a NaN may have other bits.
    words: new Uint32Array(values.slice().buffer).map((word) =>
      (word & 0x7fff_ffff) < threshold ? 0 : word,
    ),
    zeros: magnitudes.filter((magnitude) => magnitude < Math.max(threshold, 1)).length,
    zerosBefore: magnitudes.filter((magnitude) => magnitude === 0).length,
  };
}

export function gather(values: Float32Array, low: number, high: number) {
  const magnitudes = magnitudesOf(values);
  return {
    below: magnitudes.filter((magnitude) => magnitude < low).length,
    zeros: magnitudes.filter((magnitude) => magnitude === 0).length,
    inside: magnitudes.filter((magnitude) => magnitude >= low && magnitude < high),
  };
}

export function countUpper(values: Float32Array): Uint32Array {
  const counts = new Uint32Array(1 << 15);
  for (const magnitude of magnitudesOf(values)) counts[magnitude >>> 16]! += 1;
  return counts;
}

export function countLower(values: Float32Array, upper: number): Uint32Array {
  const counts = new Uint32Array(1 << 16);
  for (const magnitude of magnitudesOf(values)) {
    if (magnitude >>> 16 === upper) counts[magnitude & 0xffff]! += 1;
  }
  return counts;
}
