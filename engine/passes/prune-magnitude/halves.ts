import { halfValues, halvesOfBytes } from "../halves-bytes.ts";
import type { Mapping } from "../mapped-bytes.ts";
import { bitsOf } from "./select.ts";

export function map(source: Uint8Array, { threshold }: { threshold: number }): Uint8Array {
  const halves = halvesOfBytes(source);
  const out = new Uint16Array(halves.length);
  for (let at = 0; at < halves.length; at++) {
    const bits = halves[at]!;
    if ((bits & 0x7fff) >= threshold) out[at] = bits;
  }
  return new Uint8Array(out.buffer);
}

/** As `zerosBelow` for float16 values; the threshold is in bits of float16. */
export const halvesBelow: Mapping<{ threshold: number }> = { module: import.meta.url, map, widths: [2, 2] };

/** The smallest magnitude bits of a float16 whose value, as float32, has magnitude bits of at least `threshold`. */
export function halfThreshold(threshold: number): number {
  const found = bitsOf(halfValues())
    .subarray(0, 1 << 15)
    .findIndex((bits) => bits >= threshold);
  return found < 0 ? 1 << 15 : found;
}
