const infinity = 0x7f80_0000;
/** Bits of 65504, the largest finite float16. */
const largest = 0x477f_e000;
/** Bits of 2^-14, the smallest normal float16. */
const smallestNormal = 0x3880_0000;
/** Bits of float32(5.96e-8): what is smaller would vanish, and becomes the smallest subnormal instead. */
const smallest = 0x337f_fae5;

export interface Halves {
  /** float16 bit patterns. */
  readonly bits: Uint16Array;
  /** Finite values beyond ±65504 that became ±65504. */
  readonly clamped: number;
}

/**
 * float32 → float16, half to even, after ONNX Runtime's `convert_np_to_float16`: neither sign nor finiteness change.
 * Values that would vanish become the smallest subnormal, values that would overflow the largest finite number.
 */
export function toHalves(values: Float32Array): Halves {
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  let clamped = 0;
  for (let index = 0; index < source.length; index++) {
    const word = source[index] ?? 0;
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fff_ffff;
    if (magnitude > largest && magnitude < infinity) clamped++;
    bits[index] = sign | halfOfMagnitude(magnitude);
  }
  return { bits, clamped };
}

/**
 * Counts values that rounding half to even alone does not convert as wanted: NaN, infinities, what would overflow
 * (`clamped` of them are finite), and what would vanish.
 */
export function countOdd(values: Float32Array): { odd: number; clamped: number } {
  const source = new Int32Array(values.buffer, values.byteOffset, values.length);
  if (isPlain(source)) return { odd: 0, clamped: 0 };
  let odd = 0;
  let clamped = 0;
  for (let index = 0; index < source.length; index++) {
    const magnitude = (source[index] ?? 0) & 0x7fff_ffff;
    if (magnitude > largest && magnitude < infinity) clamped++;
    if (magnitude > largest || (magnitude !== 0 && magnitude < smallest)) odd++;
  }
  return { odd, clamped };
}

/** No magnitude is above the largest or, but for zero, below the smallest. One sign for all: nothing to be predicted. */
function isPlain(words: Int32Array): boolean {
  let signs = 0;
  for (let index = 0; index < words.length; index++) {
    const magnitude = (words[index] ?? 0) & 0x7fff_ffff;
    // Zero wraps around to the largest number: it is no small value.
    signs |= (largest - magnitude) | (((magnitude - 1) & 0x7fff_ffff) - (smallest - 1));
  }
  return signs >= 0;
}

function halfOfMagnitude(magnitude: number): number {
  if (magnitude >= largest) {
    if (magnitude < infinity) return 0x7bff;
    return magnitude === infinity ? 0x7c00 : 0x7e00;
  }
  if (magnitude >= smallestNormal) {
    // Rebasing the exponent is a subtraction; a mantissa that rounds up carries into the exponent.
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
