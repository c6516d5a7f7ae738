import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { joinChunks } from "#engine/onnx/encode.ts";
import { BitReader } from "../bit-reader.ts";
import { BitWriter } from "../bit-writer.ts";
import { codings, type ElementBits, elementWidths, gapMantissaBits, maxGapSplit } from "../format.ts";
import { TableReader } from "../table.ts";
import { inflate } from "./deflate.ts";
import { planDense } from "./dense.ts";
import { extraBits, gapOf, symbolCount, symbolOf } from "./gap-symbols.ts";
import { planGaps, readGaps } from "./gaps.ts";
import { partHead, planPart, readPart } from "./part.ts";

describe("symbols of gaps", () => {
  it("are consecutive, and cover every gap once", () => {
    for (let split = gapMantissaBits; split <= maxGapSplit; split++) {
      let next = 0;
      for (let symbol = 0; symbol < symbolCount(split); symbol++) {
        expect(gapOf(symbol, split)).toBe(next);
        expect(symbolOf(next, split)).toBe(symbol);
        next += 2 ** extraBits(symbol, split);
        expect(symbolOf(next - 1, split)).toBe(symbol);
      }
      expect(next).toBe(2 ** 31);
    }
  });
});

function gapsRoundTrip(positions: number[]) {
  const plan = planGaps(Uint32Array.from(positions));
  const [table, data] = [new BitWriter(), new BitWriter()];
  plan.write(table, data);
  const bytes = joinChunks(data.finish());
  expect(bytes.length).toBe(plan.dataBytes);
  const reader = new BitReader(bytes, "here");
  const count = (positions.at(-1) ?? 0) + 1;
  const read = readGaps(new TableReader(joinChunks(table.finish()), "the table"));
  expect([...read(reader, positions.length, count)]).toEqual(positions);
  reader.end();
}

describe("gaps", () => {
  it("of any lengths come back", () => {
    const gap = fc.oneof(fc.nat(3), fc.nat(60), fc.nat(5000), fc.nat(1_000_000));
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 400 }), (gaps) => {
        let next = 0;
        gapsRoundTrip(
          gaps.map((zeros) => {
            next += zeros + 1;
            return next - 1;
          }),
        );
      }),
    );
  });

  it("up to the largest come back", () => gapsRoundTrip([0, 1, 2 ** 20, 2 ** 31 - 2]));

  it("of few elements are fields of one width, which need no table of words", () => {
    const plan = planGaps(Uint32Array.of(3, 8));
    const [table, data] = [new BitWriter(), new BitWriter()];
    plan.write(table, data);
    // Width 3: 011 and 100.
    expect(joinChunks(table.finish())).toEqual(Uint8Array.of(0, 3));
    expect(joinChunks(data.finish())).toEqual(Uint8Array.of(0b01110000));
  });
});

/** Values of many kinds, each of which another coding suits. */
const kinds: Record<string, (random: () => number) => number> = {
  noise: (random) => random(),
  constant: () => 0x3f_80_00_00,
  zero: () => 0,
  few: (random) => Math.imul(random() & 7, 0x12345679),
  sparse: (random) => (random() % 10 === 0 ? random() : 0),
  sparseFew: (random) => (random() % 10 === 0 ? 1 + (random() & 15) : 0),
  halfZero: (random) => (random() & 1) * (random() & 0xffff),
  skewed: (random) => random() & random() & 0x77_77_77_77,
  exponents: (random) => 0x3c_00_00_00 + ((random() & 3) << 24) + (random() & 0xff_ffff),
};

function fill(bytes: number, kind: string, seed: number): Uint8Array {
  const generator = xoroshiro128plus(seed);
  const random = () => generator.next() >>> 0;
  const words = Uint32Array.from({ length: Math.ceil(bytes / 4) }, () => kinds[kind]?.(random) ?? 0);
  return new Uint8Array(words.buffer).subarray(0, bytes);
}

function partRoundTrip(bytes: Uint8Array, bits: ElementBits): PartSizes {
  const chosen = planPart(bytes, bits);
  const [table, data] = [new BitWriter(), new BitWriter()];
  table.bits(partHead(chosen), 8);
  chosen.plan.write(table, data);
  const stored = joinChunks(data.finish());
  expect(stored.length).toBe(chosen.plan.dataBytes);
  const reader = new BitReader(stored, "here");
  const found = new TableReader(joinChunks(table.finish()), "the table");
  const size = found.pos;
  const read = readPart(found, "here");
  expect(Buffer.compare(read(reader, stored, bytes.length), bytes)).toBe(0);
  reader.end();
  return { coding: chosen.plan.coding, data: stored.length, bytes: stored.length + found.pos - size };
}

interface PartSizes {
  coding: number;
  data: number;
  /** With what the table says, before it is deflated. */
  bytes: number;
}

describe("a part", () => {
  it("of any width and any kind of content comes back", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...elementWidths),
        fc.constantFrom(...Object.keys(kinds)),
        fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4000 })),
        fc.nat(),
        fc.nat(7),
        (bits, kind, count, seed, shift) => {
          // At any address: payloads of a file are rarely aligned.
          const content = fill(count * Math.max(1, bits / 8), kind, seed);
          const moved = new Uint8Array(content.length + shift);
          moved.set(content, shift);
          const { data } = partRoundTrip(moved.subarray(shift), bits);
          expect(data).toBeLessThanOrEqual(content.length);
        },
      ),
      { numRuns: 600 },
    );
  });

  it.each<[string, string, ElementBits, number, number]>([
    ["noise as it is", "noise", 32, codings.raw, 1.001],
    ["floats by their bytes", "exponents", 32, codings.planes, 0.85],
    ["few values by a codebook", "few", 32, codings.codebook, 0.1],
    ["few sparse values by gaps and a codebook", "sparseFew", 32, codings.sparse, 0.035],
    ["sparse noise by gaps", "sparse", 32, codings.sparse, 0.12],
    ["zeros as nothing", "zero", 32, codings.codebook, 0.001],
    ["one value as nothing", "constant", 64, codings.codebook, 0.001],
    ["small integers as symbols", "skewed", 8, codings.planes, 0.65],
    ["4-bit integers as symbols", "skewed", 4, codings.planes, 0.65],
  ])("stores %s", (_, kind, bits, coding, share) => {
    const content = fill(160_000, kind, 5);
    const stored = partRoundTrip(content, bits);
    expect(stored.coding).toBe(coding);
    expect(stored.bytes).toBeLessThan(content.length * share);
  });

  it("finds what repeats", () => {
    const row = fill(700, "noise", 9);
    const content = joinChunks(new Array(100).fill(row));
    expect(partRoundTrip(content, 32).coding).toBe(codings.deflate);
  });

  it("keeps −0 and every NaN apart from 0", () => {
    const words = Uint32Array.from(
      { length: 999 },
      (_, at) => [0, 0x80000000, 0x7fc00000, 0x7fc00001, 0][at % 5] ?? 0,
    );
    partRoundTrip(new Uint8Array(words.buffer), 32);
  });

  it("takes 64-bit words as they are", () => {
    const words = BigUint64Array.from({ length: 500 }, (_, at) =>
      at % 3 === 0 ? 2n ** 63n + BigInt(at % 7) : 0n,
    );
    partRoundTrip(new Uint8Array(words.buffer), 64);
  });
});

describe("a plan", () => {
  it("by two codebooks of the same values is the same, whatever the order of the elements", () => {
    const words = Uint32Array.from({ length: 3000 }, (_, at) => Math.imul(at % 16, 0x1234567));
    const write = (elements: Uint32Array) => {
      const table = new BitWriter();
      planDense({ bits: 32, words: elements }).write(table, new BitWriter());
      return joinChunks(table.finish());
    };
    expect(write(words.slice().reverse())).toEqual(write(words));
  });
});

describe("inflating", () => {
  const deflated = Uint8Array.of(0x4b, 0x4c, 0x4a, 0x06, 0x00);
  it("gives exactly what was said", () => {
    expect(inflate(deflated, 3, "here")).toEqual(new TextEncoder().encode("abc"));
  });

  it.each<[string, Uint8Array, number, RegExp]>([
    ["more than was said", deflated, 2, /more than 2 bytes \(at here\)/],
    ["less than was said", deflated, 4, /to 3 bytes, not to 4/],
    ["a stream that is cut", deflated.subarray(0, 3), 3, /cannot be inflated/],
    ["nothing at all", new Uint8Array(), 3, /cannot be inflated/],
    ["an undefined block", Uint8Array.of(0x07, 0, 0), 3, /cannot be inflated/],
  ])("refuses %s", (_, bytes, size, message) => {
    expect(() => inflate(bytes, size, "here")).toThrow(message);
  });
});
