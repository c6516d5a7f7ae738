import { arena } from "#engine/kernels/arena.ts";
import { countBetween } from "#engine/kernels/count.ts";

/** Magnitude bits of the float32 from which on the nearest bfloat16 is infinite: half way past the largest finite one. */
const overflow = 0x7f7f_8000;
const infinity = 0x7f80_0000;

/**
 * float32 → bfloat16 by bits: the upper 16 bits, rounded to nearest, half to even. Infinities and the sign of zero
 * stay; NaN stays NaN, quiet and with its sign. bfloat16 has float32's exponent (8 bits) and 7 bits of mantissa, so a
 * value changes by at most 2⁻⁸ of itself.
 *
 * @returns bytes of bfloat16 that are valid until the next kernel runs
 */
export function brainsOfValues(values: Float32Array): Uint8Array {
  const { kernels } = arena();
  return arena().map(values, 2, ({ from, end }, to) => kernels.toBrains(from, end, to));
}

/** Finite values that no finite bfloat16 is near: they would become infinite. */
export function countOverflows(values: Float32Array): number {
  return countBetween(values, overflow - 1, infinity);
}
