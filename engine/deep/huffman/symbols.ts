import type { BitReader } from "../bit-reader.ts";
import { type BitWriter, varintBytes } from "../bit-writer.ts";
import type { TableReader } from "../table.ts";
import { canonicalCodes } from "./canonical.ts";
import { isComplete, SymbolDecoder } from "./decoder.ts";
import { codedBits, codeLengths } from "./lengths.ts";

/** Symbols that are coded or decoded at a time. */
export const blockSymbols = 16 * 1024;

/** Estimate of what a length of the table takes once the table is deflated, in bytes. */
const lengthCost = 3 / 8;

/** A code for symbols that occur so often. */
export interface SymbolCode {
  readonly lengths: Uint8Array;
  /** The smallest symbol that occurs. */
  readonly first: number;
  /** From there to the largest one: 1 for a code without bits. */
  readonly span: number;
  /** Bits of all symbols. */
  readonly bits: number;
}

/** @param counts per symbol, at least one of them above 0 */
export function planCode(counts: Uint32Array): SymbolCode {
  const lengths = codeLengths(counts);
  let first = 0;
  while (counts[first] === 0) first++;
  let last = counts.length - 1;
  while (counts[last] === 0) last--;
  return { lengths, first, span: last - first + 1, bits: codedBits(counts, lengths) };
}

/** Bytes that the code takes in the table, as far as that can be said before the table is deflated. */
export function tableCost({ first, span }: SymbolCode): number {
  return varintBytes(first) + varintBytes(span) + (span > 1 ? span * lengthCost : 0);
}

export function writeCode(table: BitWriter, { lengths, first, span }: SymbolCode): void {
  table.varint(first);
  table.varint(span);
  if (span > 1) table.bytes(lengths.slice(first, first + span));
}

/**
 * Writes a stream of symbols, then fills up the byte.
 *
 * @param fill puts the symbols from `from` to before `to` at the start of `block`
 */
export function writeSymbols(
  data: BitWriter,
  { lengths, span }: SymbolCode,
  count: number,
  fill: (block: Uint16Array, from: number, to: number) => void,
): void {
  if (span === 1) return;
  const codes = canonicalCodes(lengths);
  const block = new Uint16Array(Math.min(count, blockSymbols));
  for (let from = 0; from < count; from += blockSymbols) {
    const to = Math.min(count, from + blockSymbols);
    fill(block, from, to);
    data.symbols(block, to - from, codes, lengths);
  }
  data.align();
}

/** What the table says of a stream: the lengths of its words, or the symbol that it consists of. */
export type ReadCode = Uint8Array | number;

/** @param symbols of the alphabet: none of the code may reach it */
export function readCode(table: TableReader, symbols: number): ReadCode {
  const first = table.varint(symbols - 1, "symbol");
  const span = table.varint(symbols - first, "number of symbols");
  if (span === 0) throw table.fail("A code without symbols");
  if (span === 1) return first;
  const lengths = new Uint8Array(first + span);
  lengths.set(table.take(span), first);
  if (!isComplete(lengths)) throw table.fail("The lengths of a code do not add up");
  return lengths;
}

/** Reads a stream of symbols; `use` gets them block by block, of which it may keep nothing. */
export function readSymbols(
  data: BitReader,
  code: ReadCode,
  count: number,
  use: (block: Uint16Array, from: number, to: number) => void,
): void {
  const block = new Uint16Array(Math.min(count, blockSymbols));
  const decoder = typeof code === "number" ? undefined : new SymbolDecoder(code, count);
  if (typeof code === "number") block.fill(code);
  for (let from = 0; from < count; from += blockSymbols) {
    const to = Math.min(count, from + blockSymbols);
    if (decoder !== undefined) {
      data.symbols(decoder, block, to - from);
      data.check();
    }
    use(block, from, to);
  }
  data.align();
}
