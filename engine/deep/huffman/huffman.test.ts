import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinChunks } from "#engine/onnx/encode.ts";
import { BitReader } from "../bit-reader.ts";
import { BitWriter } from "../bit-writer.ts";
import { maxCodeBits } from "../format.ts";
import { TableReader } from "../table.ts";
import { canonicalCodes } from "./canonical.ts";
import { isComplete } from "./decoder.ts";
import { codedBits, codeLengths } from "./lengths.ts";
import { packageMerge } from "./package-merge.ts";
import { planCode, readCode, readSymbols, writeCode, writeSymbols } from "./symbols.ts";

const countsOf = fc.array(fc.oneof(fc.nat(5), fc.nat(1000), fc.constant(0)), {
  minLength: 2,
  maxLength: 300,
});

/** What Huffman's method costs: the sum of all nodes that it makes. */
function optimalBits(counts: readonly number[]): number {
  const nodes = counts.filter((count) => count > 0);
  let bits = 0;
  while (nodes.length > 1) {
    nodes.sort((a, b) => b - a);
    const sum = (nodes.pop() ?? 0) + (nodes.pop() ?? 0);
    bits += sum;
    nodes.push(sum);
  }
  return bits;
}

/** The least cost of words of at most `maxBits`, by trying every list of lengths that Kraft's inequality allows. */
function optimalLimited(falling: readonly number[], maxBits: number): number {
  let best = Number.POSITIVE_INFINITY;
  const search = (at: number, shortest: number, room: number, bits: number) => {
    if (at === falling.length) {
      best = Math.min(best, bits);
      return;
    }
    for (let length = shortest; length <= maxBits; length++) {
      const taken = 2 ** (maxBits - length);
      if (taken <= room) search(at + 1, length, room - taken, bits + (falling[at] ?? 0) * length);
    }
  };
  search(0, 1, 2 ** maxBits, 0);
  return best;
}

describe("lengths of code words", () => {
  it("are those of an optimal, complete code", () => {
    fc.assert(
      fc.property(countsOf, (list) => {
        const counts = Uint32Array.from(list);
        const lengths = codeLengths(counts);
        expect(codedBits(counts, lengths)).toBe(optimalBits(list));
        const used = list.filter((count) => count > 0).length;
        expect([...lengths].filter((length) => length > 0)).toHaveLength(used < 2 ? 0 : used);
        if (used > 1) expect(isComplete(lengths)).toBe(true);
      }),
    );
  });

  it("end at the limit where Huffman's would not, as with Fibonacci numbers", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 40) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
    const counts = Uint32Array.from(fibonacci);
    expect(Math.max(...codeLengths(counts, 255))).toBe(39);
    const lengths = codeLengths(counts);
    expect(Math.max(...lengths)).toBe(maxCodeBits);
    expect(isComplete(lengths)).toBe(true);
  });

  it("are the best within the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 3, max: 5 }),
        (list, maxBits) => {
          const rising = Float64Array.from(list).sort();
          const lengths = packageMerge(rising, maxBits);
          const bits = rising.reduce((sum, weight, at) => sum + weight * (lengths[at] ?? 0), 0);
          expect(bits).toBe(optimalLimited([...rising].reverse(), maxBits));
        },
      ),
    );
  });

  it("of 65,536 symbols are found", () => {
    const counts = Uint32Array.from({ length: 65_536 }, (_, at) => Math.floor(1e9 / (at + 1) ** 2) + 1);
    const lengths = codeLengths(counts);
    expect(isComplete(lengths)).toBe(true);
  });
});

describe("canonical codes", () => {
  it("are those of the example in RFC 1951, 3.2.2", () => {
    const codes = canonicalCodes(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4));
    expect([...codes]).toEqual([0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111]);
  });

  it("are complete only where every sequence of bits starts with a word", () => {
    expect(isComplete(Uint8Array.of(1, 1))).toBe(true);
    expect(isComplete(Uint8Array.of(1, 2))).toBe(false);
    expect(isComplete(Uint8Array.of(1, 1, 1))).toBe(false);
    expect(isComplete(Uint8Array.of(1))).toBe(false);
    expect(isComplete(Uint8Array.of(0, 0))).toBe(false);
    expect(isComplete(Uint8Array.of(1, 1, 21))).toBe(false);
  });
});

function roundTrip(symbols: readonly number[], alphabet: number) {
  const counts = new Uint32Array(alphabet);
  for (const symbol of symbols) counts[symbol] = (counts[symbol] ?? 0) + 1;
  const code = planCode(counts);
  const table = new BitWriter();
  writeCode(table, code);
  const data = new BitWriter();
  writeSymbols(data, code, symbols.length, (block, from, to) => block.set(symbols.slice(from, to)));
  const bytes = joinChunks(data.finish());
  expect(bytes.length).toBe(Math.ceil(code.bits / 8));
  const reader = new BitReader(bytes, "here");
  const read: number[] = [];
  const found = readCode(new TableReader(joinChunks(table.finish()), "the table"), alphabet);
  readSymbols(reader, found, symbols.length, (block, from, to) => read.push(...block.slice(0, to - from)));
  reader.end();
  expect(read).toEqual(symbols);
}

describe("a stream of symbols", () => {
  it("comes back", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 2000 }),
        (size, list) =>
          roundTrip(
            list.map((value) => Math.min(value % size, (value >>> 8) % size)),
            size,
          ),
      ),
    );
  });

  it("comes back where it takes several blocks and words longer than the look-up table", () => {
    const symbols = Array.from({ length: 50_000 }, (_, at) => (at % 30 === 0 ? (at * 31) % 5000 : at % 3));
    roundTrip(symbols, 65_536);
  });

  it("of one symbol takes no bits", () => roundTrip(new Array(70_000).fill(7), 256));

  it.each<[string, number[], RegExp]>([
    ["without symbols", [0, 0], /without symbols/],
    ["that does not add up", [0, 2, 1, 2], /do not add up/],
    ["of words that are too long", [0, 3, 21, 21, 1], /do not add up/],
    ["that reaches beyond the alphabet", [200, 1, 57], /number of symbols/],
    ["that ends early", [0, 9, 1], /ends early/],
  ])("refuses a code %s", (_, bytes, message) => {
    expect(() => readCode(new TableReader(Uint8Array.from(bytes), "the table"), 256)).toThrow(message);
  });
});
