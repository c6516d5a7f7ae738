import { maxCodeBits } from "../format.ts";
import { canonicalCodes, countLengths, firstWords } from "./canonical.ts";

/** Bits that one look-up resolves, at most; longer words are rare, and found by comparing. */
const tableBits = 11;

/** Reads words of a canonical code. Entries are symbol × 32 + length; every entry of a word is above 0. */
export class SymbolDecoder {
  /** Indexed by the next bits; 0 where the word is longer. */
  readonly table: Uint32Array;
  /** How far the left-aligned 32 bits are shifted for the index. */
  readonly shift: number;
  readonly #counts: Uint32Array;
  readonly #first: Uint32Array;
  /** Symbols by word, and where those of each length begin. */
  readonly #sorted: Uint32Array;
  readonly #start: Uint32Array;

  /**
   * @param lengths of a complete code of at least two words (see `isComplete`)
   * @param count of the words to be read: for few of them no large table is made
   */
  constructor(lengths: Uint8Array, count: number) {
    this.#counts = countLengths(lengths);
    this.#first = firstWords(lengths);
    this.#start = new Uint32Array(maxCodeBits + 2);
    let longest = 0;
    for (let length = 1; length <= maxCodeBits; length++) {
      this.#start[length + 1] = this.#start[length]! + this.#counts[length]!;
      if (this.#counts[length]! > 0) longest = length;
    }
    this.#sorted = new Uint32Array(this.#start[maxCodeBits + 1]!);
    const bits = Math.min(longest, tableBits, 1 + Math.ceil(Math.log2(count + 1)));
    this.shift = 32 - bits;
    this.table = new Uint32Array(2 ** bits);
    const next = this.#start.slice();
    const codes = canonicalCodes(lengths);
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol]!;
      if (length === 0) continue;
      this.#sorted[next[length]!++] = symbol;
      if (length > bits) continue;
      const from = codes[symbol]! << (bits - length);
      this.table.fill(symbol * 32 + length, from, from + (1 << (bits - length)));
    }
  }

  /** The entry of a word that is longer than the table's index, at the start of the left-aligned 32 bits. */
  long(window: number): number {
    for (let length = 33 - this.shift; length <= maxCodeBits; length++) {
      const rank = (window >>> (32 - length)) - this.#first[length]!;
      if (rank < this.#counts[length]!) return this.#sorted[this.#start[length]! + rank]! * 32 + length;
    }
    // Not reached: in a complete code every sequence of bits starts with a word.
    return maxCodeBits;
  }
}

/** True where every sequence of bits starts with exactly one word: Kraft's sum is 1. */
export function isComplete(lengths: Uint8Array): boolean {
  let sum = 0;
  for (const length of lengths) {
    if (length > maxCodeBits) return false;
    if (length > 0) sum += 2 ** (maxCodeBits - length);
  }
  return sum === 2 ** maxCodeBits;
}
