import { countBetween } from "#engine/kernels/count.ts";

/** Magnitude bits of the float32 from which on the nearest bfloat16 is infinite: half way past the largest finite one. */
const overflow = 0x7f7f_8000;
const infinity = 0x7f80_0000;

/** How many finite values no finite bfloat16 is near: they would become infinite. */
export function countOverflows(values: Float32Array): number {
  return countBetween(values, overflow - 1, infinity);
}

/**
 * float32 → bfloat16 by bits: the upper 16 bits, rounded to nearest, half to even. Infinities and the sign of zero
 * stay; NaN stays NaN, quiet and with its sign. bfloat16 has float32's exponent (8 bits) and 7 bits of mantissa, so a
 * value changes by at most 2⁻⁸ of itself.
 *
 * @returns bfloat16 bit patterns
 */
export function toBrains(values: Float32Array): Uint16Array<ArrayBuffer> {
  const source = new Int32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let index = 0; index < source.length; index++) {
    const word = source[index]!;
    // Adding just under a half, and one more where the kept part is odd, carries exactly where rounding goes up.
    bits[index] =
      (word & 0x7fff_ffff) > infinity
        ? ((word >>> 16) & 0x8000) | 0x7fc0
        : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return bits;
}
