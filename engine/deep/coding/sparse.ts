import type { BitReader } from "../bit-reader.ts";
import { varintBytes } from "../bit-writer.ts";
import { type Elements, makeWords, type Words } from "../elements.ts";
import { codings, type ElementBits } from "../format.ts";
import type { TableReader } from "../table.ts";
import { planDense, readDense } from "./dense.ts";
import { planGaps, readGaps } from "./gaps.ts";
import type { Plan } from "./plan.ts";

/** A gap is a 31-bit number. */
const maxElements = 2 ** 31 - 1;

/**
 * The elements that are not zero, after the zeros in front of each: pruning of Han et al. (2015). Zero means that all
 * bits are, so a float's −0 is a value like others.
 *
 * @param positions of the non-zero elements, at least one
 */
export function planSparse({ bits, words }: Elements, positions: Uint32Array): Plan {
  const gaps = planGaps(positions);
  const values = planDense({ bits, words: pick(words, positions) });
  return {
    coding: codings.sparse,
    dataBytes: gaps.dataBytes + values.dataBytes,
    cost: varintBytes(positions.length) + gaps.cost + 1 + values.cost,
    write: (table, data) => {
      table.varint(positions.length);
      gaps.write(table, data);
      table.bits(values.coding, 8);
      values.write(table, data);
    },
  };
}

/** Positions of the elements that are not zero; undefined where there are too many elements for 31 bits. */
export function nonZeroPositions(words: Words): Uint32Array | undefined {
  if (words.length > maxElements) return undefined;
  const count = countNonZero(words);
  const positions = new Uint32Array(count);
  for (let at = 0, found = 0; found < count; at++) {
    positions[found] = at;
    // Number-free comparison: a bigint is not zero either where it is truthy.
    if (words[at]) found++;
  }
  return positions;
}

export function countNonZero(words: Words): number {
  let count = 0;
  for (let at = 0; at < words.length; at++) if (words[at]) count++;
  return count;
}

function pick(words: Words, positions: Uint32Array): Words {
  const out = words.slice(0, positions.length);
  for (let at = 0; at < positions.length; at++) out[at] = words[positions[at]!]!;
  return out;
}

/** What the table says of a sparse coding; the data are read by what this gives. */
export function readSparse(table: TableReader, bits: ElementBits): (data: BitReader, count: number) => Words {
  const nonZero = table.varint(maxElements, "number of non-zero elements");
  const gaps = readGaps(table);
  const values = readDense(table, table.choice(codings.codebook, "coding of values"), bits);
  return (data, count) => {
    if (nonZero > count) throw data.fail(`${nonZero} non-zero elements among ${count}`);
    const positions = gaps(data, nonZero, count);
    const words = makeWords(bits, count);
    place(words, positions, values(data, nonZero));
    return words;
  };
}

function place(words: Words, positions: Uint32Array, values: Words): void {
  for (let at = 0; at < positions.length; at++) words[positions[at]!] = values[at]!;
}
