import { expect, it } from "vitest";
import { scheduleFactor } from "#engine/train/optimizers/schedule.ts";
import { cosineFactor, factorized, quantized, softmax, sparsityAt, unitsLeft } from "./formulas.ts";

it("draws the schedule that the engine follows", () => {
  const total = 10_000;
  const schedule = { shape: "cosine" as const, warmup_steps: 1_000, last: 0 };
  for (const step of [0, 500, 1_500, 5_000, 9_999]) {
    const drawn = cosineFactor(step / total, 0.1);
    expect(drawn).toBeCloseTo(scheduleFactor(schedule, step, total), 2);
  }
});

it("prunes from none to the share asked for, and most of it early", () => {
  expect(sparsityAt(0, 0, 0.8)).toBeCloseTo(0, 12);
  expect(sparsityAt(1, 0, 0.8)).toBeCloseTo(0.8, 12);
  expect(sparsityAt(0.5, 0, 0.8)).toBeCloseTo(0.7, 12);
});

it("makes classes more alike at a higher temperature, without changing their order", () => {
  const [cold, warm] = [softmax([6, 3, 1], 1), softmax([6, 3, 1], 4)];
  for (const shares of [cold, warm]) {
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares.toSorted((one, other) => other - one)).toEqual(shares);
  }
  expect(warm[0]).toBeLessThan(cold[0] ?? 0);
  expect((cold[0] ?? 0) / (cold[1] ?? 1)).toBeCloseTo(Math.exp(3), 9);
  expect((warm[0] ?? 0) / (warm[1] ?? 1)).toBeCloseTo(Math.exp(3 / 4), 9);
});

it("rounds to steps, and cuts at both ends", () => {
  expect([0.24, 0.26, -0.26, 9, -9].map((value) => quantized(value, 0.5, 3))).toEqual([
    0, 0.5, -0.5, 1.5, -2,
  ]);
});

it("counts the weights of both factors", () => {
  expect(factorized(64, 48, 8)).toEqual({ before: 3_072, after: 896 });
});

it("removes the same share of what is left in each round, and in all the share asked for", () => {
  const left = [0, 1, 2, 3, 4, 5].map((round) => unitsLeft(0.5, round, 5));
  expect(left[0]).toBe(1);
  expect(left[5]).toBeCloseTo(0.5, 12);
  for (const round of [1, 2, 3, 4, 5])
    expect((left[round] ?? 0) / (left[round - 1] ?? 1)).toBeCloseTo(0.5 ** 0.2, 12);
});
