import { gapMantissaBits as mantissa } from "../format.ts";

const mask = (1 << mantissa) - 1;

/**
 * Symbols of gaps: those below 2^split are symbols of their own; above, a symbol stands for the place of the leading
 * one and the `gapMantissaBits` bits below it, and the bits below those follow as they are. So a few dozen symbols do
 * for gaps of any length, and neighbouring large gaps, which are equally rare, share one.
 */
export function symbolOf(gap: number, split: number): number {
  const small = 1 << split;
  if (gap < small) return gap;
  const lead = 31 - Math.clz32(gap);
  return small + ((lead - split) << mantissa) + ((gap >>> (lead - mantissa)) & mask);
}

/** Bits that follow the symbol. */
export function extraBits(symbol: number, split: number): number {
  const large = symbol - (1 << split);
  return large < 0 ? 0 : split + (large >> mantissa) - mantissa;
}

/** The smallest gap of a symbol. */
export function gapOf(symbol: number, split: number): number {
  const large = symbol - (1 << split);
  return large < 0 ? symbol : ((large & mask) | (1 << mantissa)) << extraBits(symbol, split);
}

/** Symbols for all gaps below 2^31. */
export function symbolCount(split: number): number {
  return (1 << split) + ((31 - split) << mantissa);
}
