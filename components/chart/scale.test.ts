import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearTicks, needsLog, scaleOf } from "./scale.ts";

describe("scaleOf", () => {
  it("goes from pixel to value and back", () => {
    const value = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 20 }),
        value,
        fc.boolean(),
        (values, one, isLog) => {
          const scale = scaleOf([...values, one], { from: 400, to: 10, isLog });
          const error = Math.abs(scale.fromPixel(scale.toPixel(one)) - one);
          // A linear axis loses digits of what is tiny beside its extent.
          expect(error).toBeLessThan(1e-9 * (isLog ? one : scale.max - scale.min) + 1e-15);
        },
      ),
    );
  });

  it("keeps every value and every tick within the axis", () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(values, fc.boolean(), (list, isLog) => {
        const scale = scaleOf(list, { from: 0, to: 100, isLog });
        for (const value of [...list, ...scale.ticks]) {
          expect(scale.toPixel(value)).toBeGreaterThanOrEqual(-1e-6);
          expect(scale.toPixel(value)).toBeLessThanOrEqual(100 + 1e-6);
        }
      }),
    );
  });

  it("keeps them there where the values differ by dust", () => {
    for (const list of [
      [1e9, 1e9 + 1e-6],
      [0.98, 0.98 + 1e-15],
      [1e8, 1e8 + 1000],
    ]) {
      const { ticks, min, max } = scaleOf(list, { from: 0, to: 100 });
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.every((tick) => tick >= min && tick <= max)).toBe(true);
    }
  });

  it("makes room around a single value", () => {
    const scale = scaleOf([0.98], { from: 0, to: 100 });
    expect(scale.toPixel(0.98)).toBeCloseTo(50);
  });

  it("has ticks that are round in the unit that is shown", () => {
    const joules = 3.6e6;
    const { ticks } = scaleOf([1e-6, 2e-6], { from: 0, to: 1, padding: 0, shownAs: joules, ticks: 4 });
    expect(ticks.map((tick) => Number((tick * joules).toPrecision(6)))).toEqual([4, 5, 6, 7]);
  });

  it("has round ticks on a logarithmic axis", () => {
    expect(scaleOf([0.04, 1.07], { from: 0, to: 1, isLog: true, padding: 0.1 }).ticks).toEqual([
      0.03, 0.1, 0.3, 1,
    ]);
    expect(scaleOf([2.1, 2.9], { from: 0, to: 1, isLog: true, padding: 0 }).ticks).toEqual([
      2.2, 2.4, 2.6, 2.8,
    ]);
  });
});

describe("linearTicks", () => {
  it("are multiples of round steps, free of binary dust", () => {
    expect(linearTicks(0.97, 0.9851, 4)).toEqual([0.97, 0.975, 0.98, 0.985]);
    expect(linearTicks(0.05, 0.33, 3)).toEqual([0.1, 0.2, 0.3]);
  });
});

describe("needsLog", () => {
  it("asks for a spread of more than four times, and positive values", () => {
    expect(needsLog([1, 26])).toBe(true);
    expect(needsLog([1, 3])).toBe(false);
    expect(needsLog([0, 100])).toBe(false);
  });
});
