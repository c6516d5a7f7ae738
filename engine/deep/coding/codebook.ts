import type { BitReader } from "../bit-reader.ts";
import { varintBytes } from "../bit-writer.ts";
import { type Elements, makeWords, type Words } from "../elements.ts";
import { codings, type ElementBits, maxSymbols } from "../format.ts";
import { planCode, readCode, readSymbols, tableCost, writeCode, writeSymbols } from "../huffman/symbols.ts";
import type { TableReader } from "../table.ts";
import { distinctWords } from "./distinct.ts";
import { cheapest, type Plan } from "./plan.ts";
import { planPlanes, readPlanes } from "./planes.ts";
import { planRaw, readRaw } from "./raw.ts";

/**
 * The different values, then a stream of their places among them, by a Huffman code: quantisation by shared weights
 * and Huffman coding of Han et al. (2015). Undefined where there are too many different values to gain by it.
 */
export function planCodebook({ bits, words }: Elements): Plan | undefined {
  const limit = Math.min(maxSymbols, Math.floor(words.length / 2));
  if (limit < 1) return undefined;
  const distinct = distinctWords(words, limit);
  if (distinct === undefined) return undefined;
  const { counts, places } = distinct;
  const code = planCode(counts);
  const book: Elements = { bits, words: distinct.values };
  const values = cheapest([planRaw(book), planPlanes(book)]);
  const dataBytes = values.dataBytes + Math.ceil(code.bits / 8);
  return {
    coding: codings.codebook,
    dataBytes,
    cost: values.cost + Math.ceil(code.bits / 8) + 1 + varintBytes(counts.length) + tableCost(code),
    write: (table, data) => {
      table.varint(counts.length);
      table.bits(values.coding, 8);
      values.write(table, data);
      writeCode(table, code);
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
  const isRaw = table.choice(codings.planes, "coding of a codebook") === codings.raw;
  const planes = isRaw ? undefined : readPlanes(table, bits);
  const code = readCode(table, size);
  return (data, count) => {
    const book = planes === undefined ? readRaw(data, bits, size) : planes(data, size);
    const words = makeWords(bits, count);
    readSymbols(data, code, count, (block, from, to) => lookUp(book, words, block, from, to));
    return words;
  };
}

function lookUp(book: Words, words: Words, block: Uint16Array, from: number, to: number): void {
  for (let at = from; at < to; at++) words[at] = book[block[at - from]!]!;
}
