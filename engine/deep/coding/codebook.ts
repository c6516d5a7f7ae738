import type { BitReader } from "../bit-reader.ts";
import { varintBytes } from "../bit-writer.ts";
import {
  bytesOfWords,
  type Elements,
  makeWords,
  unpackElements,
  type Words,
  wordBytes,
} from "../elements.ts";
import { codings, type ElementBits, maxSymbols } from "../format.ts";
import { planCode, readCode, readSymbols, tableCost, writeCode, writeSymbols } from "../huffman/symbols.ts";
import type { TableReader } from "../table.ts";
import { distinctWords } from "./distinct.ts";
import type { Plan } from "./plan.ts";

/**
 * The different values, then a stream of their places among them, by a Huffman code: quantisation by shared weights
 * and Huffman coding of Han et al. (2015). Undefined where there are too many different values to gain by it.
 */
export function planCodebook({ words }: Elements): Plan | undefined {
  const limit = Math.min(maxSymbols, Math.floor(words.length / 2));
  if (limit < 1) return undefined;
  const distinct = distinctWords(words, limit);
  if (distinct === undefined) return undefined;
  const { values, counts, places } = distinct;
  const code = planCode(counts);
  const dataBytes = values.byteLength + Math.ceil(code.bits / 8);
  return {
    coding: codings.codebook,
    dataBytes,
    cost: dataBytes + varintBytes(values.length) + tableCost(code),
    write: (table, data) => {
      table.varint(values.length);
      writeCode(table, code);
      data.bytes(bytesOfWords(values));
      writeSymbols(data, code, words.length, places);
    },
  };
}

/** What the table says of a coding by a codebook; the data are read by what this gives. */
export function readCodebook(
  table: TableReader,
  bits: ElementBits,
): (data: BitReader, count: number) => Words {
  const size = table.varint(maxSymbols, "size of a codebook");
  if (size === 0) throw table.fail("An empty codebook");
  const code = readCode(table, size);
  return (data, count) => {
    const bytes = data.take(size * wordBytes(bits));
    const book = bits < 8 ? bytes : unpackElements(bytes, bits).words;
    if (bits < 8 && book.some((word: number | bigint) => Number(word) >> bits !== 0)) {
      throw data.fail(`An element of more than ${bits} bits`);
    }
    const words = makeWords(bits, count);
    readSymbols(data, code, count, (block, from, to) => lookUp(book, words, block, from, to));
    return words;
  };
}

function lookUp(book: Words, words: Words, block: Uint16Array, from: number, to: number): void {
  for (let at = from; at < to; at++) words[at] = book[block[at - from]!]!;
}
