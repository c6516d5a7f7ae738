import { describe, expect, it } from "vitest";
import { parseSort, sortText } from "../search.ts";
import { metricsNeeded, parseSpec, specText, usualColumns } from "./column-spec.ts";

describe("column specs", () => {
  it("survive the way through the address", () => {
    for (const text of ["size/file", "size/file~ratio", "quality/top1@test~change"]) {
      const spec = parseSpec(text);
      expect(spec && specText(spec)).toBe(text);
    }
  });
  it("refuse what is no metric or no kind", () => {
    expect(parseSpec("size/file~nonsense")).toBeUndefined();
    expect(parseSpec("'; drop table")).toBeUndefined();
  });
  it("usual ones are those that the experiment has", () => {
    const columns = usualColumns("quality/top1@test", new Set(["quality/top1@test", "size/file"]));
    expect(columns.map(specText)).toEqual([
      "quality/top1@test",
      "quality/top1@test~change",
      "size/file",
      "size/file~ratio",
    ]);
    expect(usualColumns(undefined, new Set())).toEqual([]);
  });
  it("ask for each metric once and never for more than the API allows", () => {
    const many = Array.from({ length: 80 }, (_, index) => ({
      metric: `size/x${index}`,
      kind: "value" as const,
    }));
    const metrics = metricsNeeded([...many, { metric: "size/file", kind: "ratio" }], "quality/top1@test");
    expect(new Set(metrics).size).toBe(metrics.length);
    expect(metrics.length).toBeLessThanOrEqual(50);
    expect(metrics).toContain("size/file");
  });
});

describe("parseSort", () => {
  it("reads a direction and falls back to the number", () => {
    expect(parseSort("-size/file")).toEqual({ by: "size/file", descending: true });
    expect(parseSort("recipe")).toEqual({ by: "recipe", descending: false });
    expect(parseSort("' or 1=1")).toEqual({ by: "number", descending: false });
    expect(sortText(parseSort("-latency/p50"))).toBe("-latency/p50");
  });
});
