import type { BitReader } from "../bit-reader.ts";
import {
  bytesOfWords,
  type Elements,
  makeWords,
  turnLeft,
  turnRight,
  type Words,
  wordBytes,
} from "../elements.ts";
import { codings, type ElementBits, planeModes } from "../format.ts";
import {
  planCode,
  type ReadCode,
  readCode,
  readSymbols,
  type SymbolCode,
  tableCost,
  writeCode,
  writeSymbols,
} from "../huffman/symbols.ts";
import type { TableReader } from "../table.ts";
import type { Plan } from "./plan.ts";

/**
 * Each byte of the elements as a stream of its own, by Huffman codes or, where that does not pay, as it is: the
 * exponents of floats are skewed, their mantissas are noise. Elements of up to 8 bits are one stream.
 */
export function planPlanes(elements: Elements): Plan {
  const plain = planOf(elements, false);
  if (elements.bits < 16) return plain;
  const turned = planOf(elements, true);
  return turned.cost < plain.cost ? turned : plain;
}

function planOf(elements: Elements, turned: boolean): Plan {
  const source = turned ? turnLeft(elements) : elements;
  const count = source.words.length;
  const codes = histograms(source).map((counts) => {
    // No code is shorter than the entropy: most bytes of a mantissa are noise, and need no code to see it.
    if (entropyBits(counts, count) > 8 * (count - 2)) return undefined;
    const code = planCode(counts);
    return Math.ceil(code.bits / 8) + tableCost(code) < count ? code : undefined;
  });
  let dataBytes = 0;
  let cost = 1;
  for (const code of codes) {
    const bytes = code === undefined ? count : Math.ceil(code.bits / 8);
    dataBytes += bytes;
    cost += 1 + bytes + (code === undefined ? 0 : tableCost(code));
  }
  return {
    coding: codings.planes,
    dataBytes,
    cost,
    // Turned again when written: to keep the turned words of every tensor would double what a model takes.
    write: (table, data) => {
      table.bits(turned ? 1 : 0, 8);
      const bytes = bytesOfWords((turned ? turnLeft(elements) : elements).words);
      codes.forEach((code, plane) => {
        table.bits(code === undefined ? planeModes.raw : planeModes.huffman, 8);
        if (code === undefined) {
          data.bytes(gather(bytes, plane, codes.length));
          return;
        }
        writeCode(table, code);
        writePlane(data, code, bytes, plane, codes.length);
      });
    },
  };
}

function writePlane(
  data: Parameters<typeof writeSymbols>[0],
  code: SymbolCode,
  bytes: Uint8Array,
  plane: number,
  width: number,
): void {
  writeSymbols(data, code, bytes.length / width, (block, from, to) => {
    for (let at = from, index = from * width + plane; at < to; at++, index += width) {
      block[at - from] = bytes[index]!;
    }
  });
}

/** How often each byte occurs in each plane. */
function histograms({ bits, words }: Elements): Uint32Array[] {
  const width = wordBytes(bits);
  const bytes = bytesOfWords(words);
  return Array.from({ length: width }, (_, plane) => {
    const counts = new Uint32Array(bits < 8 ? 2 ** bits : 256);
    for (let at = plane; at < bytes.length; at += width) counts[bytes[at]!]!++;
    return counts;
  });
}

/** Shannon's bound for a stream of these counts. */
function entropyBits(counts: Uint32Array, total: number): number {
  let bits = total * Math.log2(total);
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = counts[symbol]!;
    if (count > 0) bits -= count * Math.log2(count);
  }
  return bits;
}

function gather(bytes: Uint8Array, plane: number, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length / width);
  for (let at = 0, from = plane; at < out.length; at++, from += width) out[at] = bytes[from]!;
  return out;
}

/** What the table says of a coding by planes; the data are read by what this gives. */
export function readPlanes(table: TableReader, bits: ElementBits): (data: BitReader, count: number) => Words {
  const turned = table.choice(bits < 16 ? 0 : 1, "turn of elements") === 1;
  const codes: (ReadCode | undefined)[] = [];
  for (let plane = 0; plane < wordBytes(bits); plane++) {
    const mode = table.choice(planeModes.huffman, "coding of a byte");
    codes.push(mode === planeModes.raw ? undefined : readCode(table, bits < 8 ? 2 ** bits : 256));
  }
  return (data, count) => {
    const words = makeWords(bits, count);
    const bytes = bytesOfWords(words);
    codes.forEach((code, plane) => {
      if (code === undefined) scatter(data.take(count), bytes, plane, codes.length, bits, data);
      else readPlane(data, code, bytes, plane, codes.length);
    });
    if (turned) turnRight({ bits, words });
    return words;
  };
}

function readPlane(data: BitReader, code: ReadCode, bytes: Uint8Array, plane: number, width: number): void {
  // What is zero anyway costs nothing.
  if (code === 0) return;
  readSymbols(data, code, bytes.length / width, (block, from, to) => {
    for (let at = from, index = from * width + plane; at < to; at++, index += width) {
      bytes[index] = block[at - from]!;
    }
  });
}

function scatter(
  from: Uint8Array,
  bytes: Uint8Array,
  plane: number,
  width: number,
  bits: number,
  data: BitReader,
): void {
  let all = 0;
  for (let at = 0, to = plane; at < from.length; at++, to += width) {
    bytes[to] = from[at]!;
    all |= from[at]!;
  }
  if (bits < 8 && all >> bits !== 0) throw data.fail(`An element of more than ${bits} bits`);
}
