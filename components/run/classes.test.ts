import { describe, expect, it } from "vitest";
import type { MeasurementRow } from "#contracts/measurement.ts";
import { classesOf, worstClass, worstFirst } from "./classes.ts";

const top1 = (detail: unknown, split = "test"): MeasurementRow => ({
  name: "quality/top1",
  split,
  value: 0.9,
  unit: "fraction",
  interval: "n=1",
  n: 10,
  tier: "metered",
  method: "",
  scope: "process",
  conditions: {},
  baselineDelta: null,
  qualityKey: null,
  performanceKey: null,
  detail: { perClass: detail },
  measuredAt: new Date(0),
  derivedFrom: null,
});
const one = (index: number, change: number | null) => ({
  class: index,
  recall: 0.9,
  n: 10,
  change: change === null ? null : { value: change, low: change - 0.1, high: change + 0.1 },
});

describe("classesOf", () => {
  it("reads the classes of the test split", () => {
    const rows = [top1([one(9, 0)], "tuning"), top1([one(0, -0.1), one(1, null)])];
    expect(classesOf(rows).map((entry) => entry.class)).toEqual([0, 1]);
  });
  it("is empty for what has another form", () => {
    expect(classesOf([top1("nonsense")])).toEqual([]);
    expect(classesOf([])).toEqual([]);
  });
});

describe("worst class", () => {
  it("is the one that lost most, and none where nothing was lost", () => {
    expect(worstFirst([one(0, 0.1), one(1, -0.2), one(2, -0.1)]).map((entry) => entry.class)).toEqual([
      1, 2, 0,
    ]);
    expect(worstClass([one(0, 0.1), one(1, -0.2)])?.class).toBe(1);
    expect(worstClass([one(0, 0.1)])).toBeUndefined();
    expect(worstClass([])).toBeUndefined();
  });
});
