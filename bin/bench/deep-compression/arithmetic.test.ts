import fc from "fast-check";
import { expect, it } from "vitest";
import { ArithmeticDecoder, ArithmeticEncoder, contexts } from "./arithmetic.ts";
import { arithmeticBytes } from "./sparse-matrix.ts";

it("decodes what it encoded", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 3_000 }),
      fc.integer({ min: 1, max: 9 }),
      (bits, count) => {
        const encoder = new ArithmeticEncoder();
        const written = contexts(count);
        for (const [at, bit] of bits.entries()) encoder.bit(written, at % count, bit);
        const decoder = new ArithmeticDecoder(encoder.finish());
        const read = contexts(count);
        expect(bits.map((_, at) => decoder.bit(read, at % count))).toEqual(bits);
      },
    ),
  );
});

it("comes close to the entropy of a stream of independent bits", () => {
  const encoder = new ArithmeticEncoder();
  const [ones, length] = [0.06, 200_000];
  const seen = contexts(1);
  let state = 12345;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    encoder.bit(seen, 0, state / 2 ** 32 < ones ? 1 : 0);
  }
  const entropy = (-length * (ones * Math.log2(ones) + (1 - ones) * Math.log2(1 - ones))) / 8;
  const size = encoder.finish().length;
  expect(size / entropy).toBeGreaterThan(0.99);
  expect(size / entropy).toBeLessThan(1.01);
});

it("counts matrices of few values", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2, 255), { minLength: 1, maxLength: 500 }),
      fc.integer({ min: 1, max: 40 }),
      (places, columns) => {
        expect(arithmeticBytes({ columns, places: Uint16Array.from(places) })).toBeGreaterThan(0);
      },
    ),
  );
});
