import { describe, expect, it } from "vitest";
import { differenceOf, subjectSection } from "./report.ts";
import type { SeedResult } from "./seed.ts";
import { subjects } from "./subjects.ts";

describe("paired differences", () => {
  it("have the interval of Student's t", () => {
    // Differences 1, 2, 3, 4, 5: mean 3, deviation √2.5, 2.776 · √(2.5 / 5) = 1.963.
    const { mean, half } = differenceOf([1, 2, 3, 4, 5].map((value) => [value + 7, 7] as const));
    expect(mean).toBe(3);
    expect(half).toBeCloseTo(1.963, 3);
    expect(differenceOf([[2, 1]])).toEqual({ mean: 1, half: Number.NaN, n: 1 });
  });
});

describe("a section", () => {
  it("shows both kinds of scales, and where nothing was won", () => {
    const form = { calibration: "minmax" as const, ptq: 0.9, qat: 0.95, keptStart: false, seconds: 1 };
    const results: SeedResult[] = [1, 2].map((seed) => ({
      subject: "lenet-5",
      seed,
      float: 0.96,
      forms: [
        { ...form, per_channel: true, qat: 0.9, keptStart: true },
        { ...form, per_channel: false },
      ],
    }));
    const section = subjectSection(subjects[0]!, results);
    expect(section).toContain("| per channel | 96.00 % | 90.00 % | 90.00 % |");
    expect(section).toContain(" 2 seeds. ");
    expect(section).toContain("2 of 2");
    expect(section).toMatch(/per tensor .*\+5\.00 ± 0\.00 \| 0 of 2/);
  });
});
