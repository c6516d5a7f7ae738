import { gapMantissaBits as mantissa } from "../format.ts";

/**
 * Symbols of gaps: those below 2^split are symbols of their own; above, a symbol stands for the place of the leading
 * one and the `gapMantissaBits` bits below it, and the bits below those follow as they are. So a few dozen symbols do
 * for gaps of any length, and neighbouring large gaps, which are equally rare, share one.
 */
export function symbolOf(gap: number, split: number): number {
  if (gap < 2 ** split) return gap;
  const lead = 31 - Math.clz32(gap);
  return 2 ** split + ((lead - split) << mantissa) + ((gap >>> (lead - mantissa)) & (2 ** mantissa - 1));
}

/** Bits that follow the symbol. */
export function extraBits(symbol: number, split: number): number {
  return symbol < 2 ** split ? 0 : leadOf(symbol, split) - mantissa;
}

/** The smallest gap of a symbol. */
export function gapOf(symbol: number, split: number): number {
  if (symbol < 2 ** split) return symbol;
  const top = 2 ** mantissa + ((symbol - 2 ** split) & (2 ** mantissa - 1));
  return top * 2 ** (leadOf(symbol, split) - mantissa);
}

function leadOf(symbol: number, split: number): number {
  return split + ((symbol - 2 ** split) >> mantissa);
}

/** Symbols for all gaps below 2^31. */
export function symbolCount(split: number): number {
  return 2 ** split + ((31 - split) << mantissa);
}
