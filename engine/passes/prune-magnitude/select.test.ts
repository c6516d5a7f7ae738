import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitsOf, kthLargestMagnitude, thresholdBits, zeroBelow } from "./select.ts";

const finite = fc.float({ noNaN: true });
const parts = fc.array(fc.array(finite, { minLength: 0, maxLength: 50 }), { minLength: 1, maxLength: 4 });

describe("selection by counting", () => {
  it("finds the same magnitude as sorting does", () => {
    fc.assert(
      fc.property(parts, fc.nat(), (lists, pick) => {
        const all = lists.flat();
        fc.pre(all.length > 0);
        const k = (pick % all.length) + 1;
        const arrays = lists.map((list) => Float32Array.from(list));
        const sorted = all.map(Math.abs).sort((a, b) => b - a);
        const expected = bitsOf(Float32Array.of(sorted[k - 1] ?? 0))[0];
        expect(kthLargestMagnitude(arrays, k)).toBe(expected);
      }),
    );
  });

  it("zeroes exactly what is below, and leaves its input alone", () => {
    fc.assert(
      fc.property(
        fc.array(finite),
        fc.float({ min: Math.fround(1e-30), max: 100, noNaN: true }),
        (list, limit) => {
          const values = Float32Array.from(list);
          const before = values.slice();
          const bits = thresholdBits(limit);
          const { values: out, zeros, zerosBefore } = zeroBelow(values, bits);
          expect(values).toEqual(before);
          expect(out).toEqual(before.map((value) => (Math.abs(value) < limit ? 0 : value)));
          expect(zeros).toBe(out.filter((value) => value === 0).length);
          expect(zerosBefore).toBe(before.filter((value) => value === 0).length);
        },
      ),
    );
  });

  it("ranks NaN above everything, so that it is kept", () => {
    const values = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 2);
    expect(kthLargestMagnitude([values], 2)).toBe(0x7f80_0000);
  });

  it("rounds a threshold that float32 cannot hold upwards, so that nothing below it stays", () => {
    const above = 0.1; // float32(0.1) is above 0.1
    expect(thresholdBits(above)).toBe(bitsOf(Float32Array.of(0.1))[0]);
    const below = 0.3 + 1e-9; // float32 of it is below it
    const bits = thresholdBits(below);
    const view = new Float32Array(Uint32Array.of(bits).buffer)[0] ?? 0;
    expect(view).toBeGreaterThanOrEqual(below);
  });
});
