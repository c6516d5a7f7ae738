import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillMask, philox } from "./masks.ts";

const maskOf = (
  count: number,
  ratio: number,
  source: { seed?: number; step?: number; name?: string } = {},
) => {
  const mask = new Float32Array(count);
  fillMask(mask, ratio, { seed: 1, step: 0, name: "drop", ...source });
  return mask;
};

describe("masks for Dropout", () => {
  it.each([
    // The known answers of the Random123 library.
    [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [[-1, -1, -1, -1], [-1, -1], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ])("has Philox4x32-10 of %j", (counter, key, expected) => {
    const words = Array.from(philox(counter, key), (word) => word.toString(16).padStart(8, "0"));
    expect(words.join(" ")).toBe(expected);
  });

  it("drops as often as asked for, and keeps the expected value", () => {
    for (const ratio of [0.1, 0.5, 0.9]) {
      const mask = maskOf(100_000, ratio);
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      // Five standard deviations.
      expect(Math.abs(dropped - ratio)).toBeLessThan(5 * Math.sqrt((ratio * (1 - ratio)) / mask.length));
      expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - ratio))]));
    }
    expect(maskOf(100, 0).every((value) => value === 1)).toBe(true);
  });

  it("is the same for the same source, whatever is asked for before and however long it is", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string(), fc.nat(50), fc.nat(50), (seed, step, name, a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        const whole = maskOf(long, 0.5, { seed, step, name });
        expect(maskOf(short, 0.5, { seed, step, name })).toEqual(whole.subarray(0, short));
      }),
    );
  });

  it("is another for another seed, step or layer, without resemblance", () => {
    const count = 10_000;
    const mask = maskOf(count, 0.5);
    for (const source of [
      { seed: 2 },
      { seed: 1 + 2 ** 32 },
      { step: 1 },
      { step: 2 ** 32 },
      { name: "other" },
    ]) {
      const other = maskOf(count, 0.5, source);
      const same = mask.filter((value, at) => value === other[at]).length / count;
      expect(Math.abs(same - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / count));
    }
  });
});
