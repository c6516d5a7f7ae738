import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bfloat16Bits, bfloat16Value, float16Bits, float16Value } from "./floats.ts";

describe("float16", () => {
  it("every bit pattern comes back, NaN as NaN", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = float16Value(bits);
      if (Number.isNaN(value)) expect(float16Value(float16Bits(value))).toBeNaN();
      else if (float16Bits(value) !== bits) expect.fail(`${bits} became ${float16Bits(value)}`);
    }
  });

  it("rounds to the nearest value, ties to the even pattern", () => {
    void fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0x7bfe }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bits, at) => {
          const [low, high] = [float16Value(bits), float16Value(bits + 1)];
          const value = low + (high - low) * at;
          const middle = (low + high) / 2;
          const expected =
            value < middle ? bits : value > middle ? bits + 1 : bits % 2 === 0 ? bits : bits + 1;
          expect(float16Bits(value)).toBe(expected);
          expect(float16Bits(-value)).toBe(expected | 0x8000);
        },
      ),
    );
  });

  it.each([
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -25, 0],
    [2 ** -25 * 1.0001, 1],
    [-0, 0x8000],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [1e-300, 0],
  ])("%d", (value, bits) => expect(float16Bits(value)).toBe(bits));
});

describe("bfloat16", () => {
  it("every bit pattern comes back, NaN as NaN", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = bfloat16Value(bits);
      if (!Number.isNaN(value) && bfloat16Bits(value) !== bits)
        expect.fail(`${bits} became ${bfloat16Bits(value)}`);
    }
    expect(bfloat16Bits(Number.NaN)).toBe(0x7fc0);
  });

  it("rounds ties to even", () => {
    expect(bfloat16Bits(1 + 2 ** -8)).toBe(0x3f80);
    expect(bfloat16Bits(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(bfloat16Bits(3.4e38)).toBe(0x7f80);
  });
});
