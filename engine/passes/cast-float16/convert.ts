import { arena } from "#engine/kernels/arena.ts";
import { countBetween } from "#engine/kernels/count.ts";

const infinity = 0x7f80_0000;
/** Bits of 65504, the largest finite float16. */
const largest = 0x477f_e000;

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
  const clamped = countClamped(values);
  return { bits: new Uint16Array(halvesOfValues(values).slice().buffer), clamped };
}

/** As `toHalves`: bytes of float16 that are valid until the next kernel runs. */
export function halvesOfValues(values: Float32Array): Uint8Array {
  const { kernels } = arena();
  return arena().map(values, 2, ({ from, end }, to) => kernels.toHalves(from, end, to));
}

/** How many finite values are beyond ±65504. */
export function countClamped(values: Float32Array): number {
  return countBetween(values, largest, infinity);
}
