import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateOf, type Sample, secondsLeft, withSample } from "./rate.ts";

const samplesOf = (...pairs: [number, number][]) =>
  pairs.reduce<Sample[]>((samples, [at, bytes]) => withSample(samples, { at, bytes }), []);

describe("rateOf", () => {
  it("is unknown at first", () => {
    expect(rateOf([])).toBeNull();
    expect(rateOf(samplesOf([0, 0], [100, 5_000]))).toBeNull();
  });

  it("is bytes per second", () => expect(rateOf(samplesOf([0, 0], [2_000, 1_000_000]))).toBe(500_000));

  it("forgets what was fast long ago", () => {
    const slow = samplesOf([0, 0], [1_000, 9_000_000], [6_000, 9_005_000], [11_000, 9_010_000]);
    expect(rateOf(slow)).toBe(1_000);
  });

  it("finds a steady rate whatever the spacing", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 200, max: 3_000 }), { minLength: 4, maxLength: 30 }), (gaps) => {
        let at = 0;
        const samples = gaps.reduce<Sample[]>((all, gap) => {
          at += gap;
          return withSample(all, { at, bytes: at * 7 });
        }, []);
        expect(rateOf(samples)).toBeCloseTo(7_000, 6);
      }),
    );
  });
});

it("tells the time left, or that it cannot", () => {
  expect(secondsLeft(250, 1_000, 250)).toBe(3);
  expect(secondsLeft(250, 1_000, null)).toBeNull();
  expect(secondsLeft(250, 1_000, 0)).toBeNull();
});
