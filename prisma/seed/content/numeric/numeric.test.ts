import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cos, exp, sin } from "./arithmetic.ts";
import { randomStream } from "./random.ts";

describe("arithmetic", () => {
  it("agrees with Math.exp to 1e-14, relative", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  it("takes the limits of exp at both ends", () => {
    expect(exp(-1e6)).toBe(0);
    expect(exp(1e6)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(0)).toBe(1);
  });

  it("agrees with Math.sin and Math.cos to 1e-9", () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (x) => {
        expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(1e-9);
        expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe("random streams", () => {
  it("depend on the seed alone", () => {
    const draw = (seed: number) => Array.from({ length: 20 }, randomStream(seed).normal);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("have normal values of mean 0 and variance 1", () => {
    const { normal } = randomStream(1);
    const values = Array.from({ length: 50_000 }, normal);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  it("prefer the first items of a Zipf list by the stated weights", () => {
    const random = randomStream(2);
    const counts = [0, 0, 0];
    for (let i = 0; i < 26_000; i++) counts[random.pickZipf([0, 1, 2], 2)]!++;
    // Weights 1/2, 1/3, 1/4, that is 6, 4 and 3 of 13.
    expect(counts.map((count) => Math.round(count / 1000))).toEqual([12, 8, 6]);
  });

  it("refuse an empty list", () => {
    expect(() => randomStream(3).pick([])).toThrow("empty list");
  });

  it("shuffle without losing an item", () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const shuffled = randomStream(4).shuffle([...items]);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.sort((a, b) => a - b)).toEqual(items);
  });
});
