import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bcaInterval } from "./bootstrap.ts";
import { criticalValue, normalCdf, normalQuantile } from "./normal.ts";
import { quantileEstimate, ranks, sortedCopy } from "./order-statistics.ts";
import { randomStream, shuffle } from "./random.ts";
import { pairedProportionInterval } from "./tango.ts";
import { wilsonInterval } from "./wilson.ts";

describe("normal distribution", () => {
  it("has the tabulated values", () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 14);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 12);
    expect(normalCdf(-6)).toBeCloseTo(9.865876450376946e-10, 18);
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489004, 10);
    expect(criticalValue(0.95)).toBeCloseTo(1.959963984540054, 10);
  });

  it("inverts itself", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 10);
      }),
    );
  });
});

describe("Wilson interval", () => {
  it("matches a calculation by hand", () => {
    // 81 of 263, the example of Newcombe 1998 (method 3): 0.2553 to 0.3662.
    const interval = wilsonInterval(81, 263);
    expect(interval.low).toBeCloseTo(0.2553, 4);
    expect(interval.high).toBeCloseTo(0.3662, 4);
    // 0 of 20: high = z² / (n + z²).
    expect(wilsonInterval(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(3.841459 / 23.841459, 6) });
    expect(wilsonInterval(15, 15).high).toBe(1);
  });
});

describe("Tango interval", () => {
  // Limits found by maximising the likelihood numerically under each δ, without the closed form.
  it.each([
    [12, 2, 50, 0.061112, 0.344709],
    [0, 0, 100, -0.036993, 0.036993],
    [5, 9, 200, -0.061991, 0.018759],
    [1, 0, 44, -0.059393, 0.118077],
    [30, 55, 1797, -0.024397, -0.003944],
    [0, 8, 100, -0.149981, -0.040047],
  ])("of %i gained and %i lost in %i", (gained, lost, n, low, high) => {
    const interval = pairedProportionInterval(gained, lost, n);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });

  it("holds the difference, stays in [-1, 1] and turns over with the roles", () => {
    const table = fc
      .tuple(fc.nat(50), fc.nat(50), fc.nat(500))
      .filter(([gained, lost, rest]) => gained + lost + rest > 0);
    fc.assert(
      fc.property(table, ([gained, lost, rest]) => {
        const n = gained + lost + rest;
        const one = pairedProportionInterval(gained, lost, n);
        const other = pairedProportionInterval(lost, gained, n);
        expect(one.low).toBeLessThanOrEqual((gained - lost) / n + 1e-9);
        expect(one.high).toBeGreaterThanOrEqual((gained - lost) / n - 1e-9);
        expect(one.low).toBeGreaterThanOrEqual(-1);
        expect(one.high).toBeLessThanOrEqual(1);
        expect(one.low).toBeCloseTo(-other.high, 8);
      }),
    );
  });
});

describe("bootstrap", () => {
  const mean = (means: readonly number[]) => means[0]!;

  it("gives the same interval for the same seed, another for another", () => {
    const values = Array.from({ length: 40 }, (_, index) => (index * 7919) % 31);
    const first = bcaInterval([values], mean, { seed: 1 });
    expect(bcaInterval([values], mean, { seed: 1 })).toEqual(first);
    expect(bcaInterval([values], mean, { seed: 2 })).not.toEqual(first);
  });

  it("shrinks to a point where nothing varies, and is absent for one item", () => {
    expect(bcaInterval([[3, 3, 3]], mean, { seed: 1 })).toMatchObject({ low: 3, high: 3 });
    expect(bcaInterval([[3]], mean, { seed: 1 })).toBeUndefined();
  });

  it("agrees with the normal interval of a large sample", () => {
    const random = randomStream(5);
    const values = Float64Array.from({ length: 5000 }, () => random.normal());
    const interval = bcaInterval([values], mean, { seed: 1 })!;
    expect(interval.high - interval.low).toBeCloseTo((2 * 1.96) / Math.sqrt(5000), 2);
  });
});

describe("order statistics", () => {
  it("has the classical ranks of a median", () => {
    // Conover, Practical Nonparametric Statistics: n = 16, median, x(4) to x(13) has level 0.9787.
    const { low, high, reached } = ranks(16, 0.5, 0.95);
    expect([low, high]).toEqual([4, 13]);
    expect(reached).toBeCloseTo(0.97873, 4);
    // n = 6: the extremes, level 1 − 2·0.5⁶.
    expect(ranks(6, 0.5, 0.95)).toMatchObject({ low: 1, high: 6, reached: expect.closeTo(0.96875, 9) });
  });

  it("says which level a small sample reaches", () => {
    const estimate = quantileEstimate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95);
    expect(estimate.interval!.high).toBe(10);
    expect(estimate.interval!.level).toBeLessThan(0.95);
  });

  it("has ranks in order for any size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3000 }), fc.constantFrom(0.5, 0.9, 0.95, 0.99), (n, q) => {
        const { low, high, reached } = ranks(n, q, 0.95);
        expect(low).toBeGreaterThanOrEqual(1);
        expect(high).toBeGreaterThan(low);
        expect(high).toBeLessThanOrEqual(n);
        if (high < n && low > 1) expect(reached).toBeGreaterThanOrEqual(0.95 - 1e-9);
      }),
    );
  });
});

describe("coverage, by seeded simulation", () => {
  const trials = 1000;

  it("of the paired interval is about 95 %", () => {
    const random = randomStream(17);
    const [n, gain, loss] = [300, 0.02, 0.035];
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      let gained = 0;
      let lost = 0;
      for (let item = 0; item < n; item++) {
        const draw = random.uniform();
        if (draw < gain) gained++;
        else if (draw < gain + loss) lost++;
      }
      const { low, high } = pairedProportionInterval(gained, lost, n);
      if (low <= gain - loss && gain - loss <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.93);
    expect(covered / trials).toBeLessThan(0.97);
  });

  it("of the bootstrap for a skewed mean is near 95 %", () => {
    const random = randomStream(18);
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      // Exponential with mean 1, as per-item losses are skewed.
      const values = Float64Array.from({ length: 60 }, () => -Math.log(1 - random.uniform()));
      const { low, high } = bcaInterval([values], (m) => m[0]!, { seed: trial, resamples: 500 })!;
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.9);
    expect(covered / 400).toBeLessThan(0.98);
  });

  it("of the quantile interval is at least 95 %", () => {
    const random = randomStream(19);
    let median = 0;
    let p95 = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = sortedCopy(Array.from({ length: 200 }, () => random.uniform()));
      const middle = quantileEstimate(sample, 0.5).interval!;
      const high = quantileEstimate(sample, 0.95).interval!;
      if (middle.low <= 0.5 && 0.5 <= middle.high) median++;
      if (high.low <= 0.95 && 0.95 <= high.high) p95++;
    }
    expect(median / trials).toBeGreaterThan(0.935);
    expect(p95 / trials).toBeGreaterThan(0.935);
  });
});

describe("random stream", () => {
  it("repeats from its seed and shuffles without loss", () => {
    const items = () => Uint32Array.from({ length: 100 }, (_, index) => index);
    expect(shuffle(items(), randomStream(3))).toEqual(shuffle(items(), randomStream(3)));
    expect(shuffle(items(), randomStream(3))).not.toEqual(items());
    expect(shuffle(items(), randomStream(3)).sort()).toEqual(items());
  });
});
