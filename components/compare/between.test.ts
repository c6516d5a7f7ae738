import { describe, expect, it } from "vitest";
import type { MeasurementRow } from "#contracts/measurement.ts";
import { besideOf, comparedRows, differs, importantRows, obstaclesOf } from "./between.ts";

const row = (value: number, rest: Partial<MeasurementRow> = {}): MeasurementRow => ({
  name: "latency/p50",
  split: null,
  value,
  unit: "ms",
  interval: { low: value - 1, high: value + 1, level: 0.95, method: "" },
  n: 10,
  tier: "metered",
  method: "",
  scope: "process",
  conditions: {},
  baselineDelta: null,
  qualityKey: null,
  performanceKey: "k",
  detail: null,
  measuredAt: new Date(0),
  derivedFrom: null,
  ...rest,
});

const delta = {
  value: -5,
  percent: -50,
  interval: { low: -6, high: -4, level: 0.95, method: "" },
  method: "interleaved",
};

describe("besideOf", () => {
  it("has a finding only where the comparison was paired", () => {
    const own = row(5, { baselineDelta: delta });
    expect(besideOf(own, row(10), true)).toMatchObject({
      kind: "paired",
      change: { finding: "better", value: -5 },
    });
    // Against another variant the stored difference (with the baseline) would be wrong.
    expect(besideOf(own, row(4), false)).toMatchObject({
      kind: "unpaired",
      change: { finding: "unknown", value: 1, percent: 25, low: null },
    });
  });
  it("finds nothing in one observation against another", () => {
    const own = row(5, { baselineDelta: { ...delta, interval: "n=1" } });
    expect(besideOf(own, row(10), true).kind).toBe("unpaired");
  });
  it("compares exact counts of any two runs", () => {
    const size = (value: number) =>
      row(value, { name: "size/file", interval: "exact", performanceKey: null });
    expect(besideOf(size(50), size(100), false)).toMatchObject({
      kind: "paired",
      change: { finding: "better", percent: -50 },
    });
    expect(besideOf(size(100), size(100), false)).toMatchObject({ change: { finding: "same" } });
  });
  it("names what forbids a comparison", () => {
    const obstacle = (rest: Partial<MeasurementRow>) => besideOf(row(1, rest), row(1), true);
    expect(obstacle({ qualityKey: "other" })).toEqual({ kind: "obstacle", obstacle: "quality" });
    expect(obstacle({ performanceKey: "other" })).toEqual({ kind: "obstacle", obstacle: "performance" });
    expect(obstacle({ tier: "modelled" })).toEqual({ kind: "obstacle", obstacle: "tier" });
  });
  it("says nothing of a value that stands alone, or of what a run used", () => {
    expect(besideOf(row(1), undefined, true)).toEqual({ kind: "alone" });
    const used = (value: number) => row(value, { name: "experiment/energy", unit: "kWh" });
    expect(besideOf(used(1), used(2), true)).toEqual({ kind: "alone" });
  });
  it("takes fidelity as a comparison with the baseline, and as no more than a difference with others", () => {
    const fidelity = (value: number) =>
      row(value, {
        name: "fidelity/cosine",
        unit: "1",
        interval: { low: value - 0.01, high: value + 0.01, level: 0.95, method: "" },
      });
    expect(besideOf(fidelity(0.98), undefined, true)).toMatchObject({
      kind: "paired",
      change: { finding: "worse" },
    });
    expect(besideOf(fidelity(0.98), undefined, false)).toEqual({ kind: "alone" });
    expect(besideOf(fidelity(0.98), fidelity(0.99), false).kind).toBe("unpaired");
  });
});

describe("comparedRows", () => {
  it("has a row for every metric that any run has", () => {
    const rows = comparedRows([
      { measurements: [row(1)] },
      { measurements: [row(2), row(3, { name: "size/file" })] },
    ]);
    expect(rows.map(({ id, cells }) => [id, cells.map((cell) => cell?.value)])).toEqual([
      ["size/file", [undefined, 3]],
      ["latency/p50", [1, 2]],
    ]);
    expect(rows.map(differs)).toEqual([true, true]);
    expect(comparedRows([{ measurements: [row(1)] }, { measurements: [row(1)] }]).map(differs)).toEqual([
      false,
    ]);
  });
  it("collects what keeps cells apart from the reference", () => {
    const cells = [row(1), row(2), undefined, row(3, { performanceKey: "other" })];
    expect(
      obstaclesOf({ id: "latency/p50", cells }).map(({ own, obstacle }) => [own.value, obstacle]),
    ).toEqual([[3, "performance"]]);
  });
  it("finds the two rows that matter most", () => {
    const ids = (...names: string[]) =>
      importantRows(names.map((id) => ({ id, cells: [] }))).map(({ id }) => id);
    expect(ids("quality/loss@test", "quality/top1@test", "size/file", "latency/p50")).toEqual([
      "quality/top1@test",
      "size/file",
    ]);
    expect(ids("size/file", "latency/p50")).toEqual(["size/file", "latency/p50"]);
    expect(ids("memory/peak")).toEqual([]);
  });
});
