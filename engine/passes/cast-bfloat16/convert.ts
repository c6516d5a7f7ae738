/** Magnitude bits of the float32 from which on the nearest bfloat16 is infinite: half way past the largest finite one. */
const overflow = 0x7f7f_8000;
const infinity = 0x7f80_0000;

export interface Brains {
  /** bfloat16 bit patterns. */
  readonly bits: Uint16Array;
  /** Finite values that no finite bfloat16 is near: they would become infinite. */
  readonly overflows: number;
}

/**
 * float32 → bfloat16 by bits: the upper 16 bits, rounded to nearest, half to even. Infinities and the sign of zero
 * stay; NaN stays NaN, quiet and with its sign. bfloat16 has float32's exponent (8 bits) and 7 bits of mantissa, so a
 * value changes by at most 2⁻⁸ of itself.
 */
export function toBrains(values: Float32Array): Brains {
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  let overflows = 0;
  for (let index = 0; index < source.length; index++) {
    const word = source[index] ?? 0;
    const magnitude = word & 0x7fff_ffff;
    if (magnitude > infinity) bits[index] = ((word >>> 16) & 0x8000) | 0x7fc0;
    else {
      if (magnitude >= overflow && magnitude < infinity) overflows++;
      // Adding just under a half, and one more where the kept part is odd, carries exactly where rounding goes up.
      bits[index] = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
    }
  }
  return { bits, overflows };
}
