import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budgetAt, budgetLevel } from "./budget.ts";

describe("budget", () => {
  it("is points below for a fraction, and a share above for an error", () => {
    expect(budgetLevel("quality/top1@test", 0.98, 0.005)).toBeCloseTo(0.975);
    expect(budgetLevel("quality/rmse@test", 2, 0.05)).toBeCloseTo(2.1);
  });
  it("comes back from the line that it was drawn as", () => {
    const budget = fc.integer({ min: 0, max: 1_000 }).map((steps) => steps / 2_000);
    const quality = fc.constantFrom("quality/top1@test", "quality/rmse@test", "quality/loss@test");
    fc.assert(
      fc.property(budget, quality, fc.double({ min: 0.1, max: 10, noNaN: true }), (amount, id, baseline) => {
        expect(budgetAt(id, baseline, budgetLevel(id, baseline, amount))).toBeCloseTo(amount, 6);
      }),
    );
  });
  it("is never negative, however high the line is drawn", () => {
    expect(budgetAt("quality/top1@test", 0.98, 0.99)).toBe(0);
    expect(budgetAt("quality/top1@test", 0.98, -1)).toBe(0.5);
  });
});
