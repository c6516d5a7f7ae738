import { describe, expect, it } from "vitest";
import { bcaInterval } from "./bootstrap.ts";
import { ranks } from "./order-statistics.ts";
import { randomStream } from "./random.ts";
import { wilsonInterval } from "./wilson.ts";

/** Values of SciPy 1.17 (`binomtest.proportion_ci`, `binom`, `bootstrap` with 100,000 and more resamples). */
describe("agreement with SciPy", () => {
  it.each([
    [81, 263, 0.25528852, 0.36620958],
    [0, 20, 0, 0.16112516],
    [1700, 1797, 0.93458952, 0.95554992],
    [9823, 10_000, 0.97952428, 0.98470531],
  ])("Wilson interval of %i in %i", (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.low).toBeCloseTo(low, 7);
    expect(interval.high).toBeCloseTo(high, 7);
  });

  it.each([
    [64, 0.5, 24, 41, 0.96723424],
    [64, 0.95, 57, 64, 0.94825722],
    [200, 0.95, 184, 197, 0.96715216],
    [1024, 0.95, 959, 987, 0.95579953],
    [10_000, 0.95, 9457, 9543, 0.95152805],
    [200_000, 0.5, 99_562, 100_439, 0.95012494],
  ])("ranks of n = %i, q = %f", (n, q, low, high, level) => {
    const found = ranks(n, q, 0.95);
    expect([found.low, found.high]).toEqual([low, high]);
    expect(found.reached).toBeCloseTo(level, 6);
  });

  const first = Float64Array.from({ length: 40 }, (_, i) => ((i * 7919) % 31) ** 2 / 10);
  const second = first.map((value, i) => value * 0.9 + ((i * 104_729) % 17) / 3);

  it("BCa interval of a mean", () => {
    const interval = bcaInterval([first], ([mean]) => mean!, { seed: 1, resamples: 50_000 })!;
    // The bootstrap itself varies by about 0.1 here.
    expect(Math.abs(interval.low - 22.4225)).toBeLessThan(0.3);
    expect(Math.abs(interval.high - 39.5025)).toBeLessThan(0.4);
  });

  it("BCa interval of a paired difference of root means", () => {
    const difference = ([one, other]: readonly number[]) => Math.sqrt(other!) - Math.sqrt(one!);
    const interval = bcaInterval([first, second], difference, { seed: 1, resamples: 50_000 })!;
    expect(Math.abs(interval.low + 0.11667)).toBeLessThan(0.004);
    expect(Math.abs(interval.high - 0.03654)).toBeLessThan(0.004);
  });
});

describe("coverage of the paired bootstrap for RMSE, by seeded simulation", () => {
  it("is near 95 % where the errors of both models go together", () => {
    const random = randomStream(23);
    const trials = 300;
    // Errors e and 0.8 e + 0.3 f with e, f standard normal: RMSE 1 and √0.73.
    const truth = Math.sqrt(0.73) - 1;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const errors = Float64Array.from({ length: 100 }, () => random.normal());
      const others = errors.map((error) => 0.8 * error + 0.3 * random.normal());
      const squared = [errors, others].map((values) => values.map((value) => value * value));
      const difference = ([one, other]: readonly number[]) => Math.sqrt(other!) - Math.sqrt(one!);
      const { low, high } = bcaInterval(squared, difference, { seed: trial, resamples: 400 })!;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.9);
    expect(covered / trials).toBeLessThanOrEqual(0.985);
  });
});
