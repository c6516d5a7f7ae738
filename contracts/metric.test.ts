import { describe, expect, it } from "vitest";
import { measurementNames } from "#engine/evaluate/measurement/names.ts";
import { changeOf } from "./change.ts";
import { betterOf, hasOwnBudget, isFraction, isPlainNumber, qualityMetrics } from "./metric.ts";
import type { RunValue } from "./run.ts";

const exact = (value: number, delta: number): RunValue => ({
  value,
  unit: "fraction",
  interval: "exact",
  n: 1,
  tier: "metered",
  method: "count",
  baselineDelta: { value: delta, percent: null, interval: "exact", method: "difference" },
  qualityKey: null,
  performanceKey: null,
});

describe("metrics", () => {
  it("agree with the engine on which way is better", () => {
    for (const [name, { better }] of Object.entries(measurementNames)) expect(betterOf(name)).toBe(better);
  });

  it("are shown as what their unit says: shares in points, a cosine as a number", () => {
    const names = Object.entries(measurementNames);
    for (const [name, { unit }] of names) {
      if (isFraction(name)) expect(unit).toBe("fraction");
      if (isPlainNumber(name)) expect(unit).toBe("1");
    }
    expect(isFraction("fidelity/cosine")).toBe(false);
    expect(hasOwnBudget("fidelity/cosine")).toBe(true);
    expect(hasOwnBudget("fidelity/sqnr")).toBe(false);
  });

  it("lead with the relative error where an output has neither arg max nor cosine", () => {
    const single = ["fidelity/sqnr", "fidelity/max-abs-diff", "fidelity/relative-error"];
    expect(qualityMetrics(single)).toEqual(["fidelity/relative-error", "fidelity/sqnr"]);
    expect(qualityMetrics([...single, "fidelity/cosine"])[0]).toBe("fidelity/cosine");
  });
});

describe("the finding of", () => {
  it.each(["size/sparsity", "size/parameters"])("%s is that it changed, neither better nor worse", (id) => {
    expect(changeOf(id, exact(0.5, 0.1))?.finding).toBe("changed");
    expect(changeOf(id, exact(0.5, -0.1))?.finding).toBe("changed");
    expect(changeOf(id, exact(0.5, 0))?.finding).toBe("same");
  });

  it("a file's size is better where it is smaller", () => {
    expect(changeOf("size/file", exact(5, -1))?.finding).toBe("better");
  });
});
