import { maxCodeBits } from "../format.ts";

/**
 * The words of the canonical code of these lengths: by length, then by symbol, each one more than the one before,
 * with a zero appended where the length rises (as in RFC 1951, 3.2.2). Words are right-aligned.
 */
export function canonicalCodes(lengths: Uint8Array): Uint32Array {
  const next = firstWords(lengths);
  const codes = new Uint32Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length > 0) codes[symbol] = next[length]!++;
  }
  return codes;
}

/** The first word of each length. */
export function firstWords(lengths: Uint8Array): Uint32Array {
  const perLength = countLengths(lengths);
  const first = new Uint32Array(maxCodeBits + 1);
  for (let length = 1; length <= maxCodeBits; length++) {
    first[length] = (first[length - 1]! + (length === 1 ? 0 : perLength[length - 1]!)) << 1;
  }
  return first;
}

/** How many words there are of each length, from 0 to `maxCodeBits`. */
export function countLengths(lengths: Uint8Array): Uint32Array {
  const counts = new Uint32Array(maxCodeBits + 1);
  for (let symbol = 0; symbol < lengths.length; symbol++) counts[lengths[symbol]!]!++;
  return counts;
}
