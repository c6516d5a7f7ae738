import { describe, expect, it } from "vitest";
import type { MeasurementRow } from "#contracts/measurement.ts";
import type { SharedRun } from "#contracts/share.ts";
import { organisationAddress } from "./address.ts";
import { isOver } from "./over.ts";
import { canDraw, firstShown, metricsOf, plotRowsOf } from "./rows.ts";

describe("organisationAddress", () => {
  it.each([
    ["northlake-institute", "northlake-institute"],
    ["  Northlake-Institute ", "northlake-institute"],
    ["/o/northlake/", "northlake"],
    ["https://parsimony.example/o/northlake/p/digits?x=1", "northlake"],
    ["northlake/", "northlake"],
  ])("reads %j", (typed, address) => expect(organisationAddress(typed)).toBe(address));
  it.each(["", "Northlake Institute", "北湖研究院", "https://example.com/northlake", "a_b"])(
    "refuses %j",
    (typed) => expect(organisationAddress(typed)).toBeUndefined(),
  );
});

describe("isOver", () => {
  const failure = (code: string) => ({ data: { app: { code, details: {}, id: "x" } } });
  it("takes a refusal for the end, and a failure for a failure", () => {
    expect(["linkInvalid", "notFound", "invalidInput"].map((code) => isOver(failure(code)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["unavailable", "internal", "rateLimited"].map((code) => isOver(failure(code)))).toEqual([
      false,
      false,
      false,
    ]);
    expect(isOver(null)).toBe(false);
  });
});

const row = (name: string, value: number, split: string | null = null): MeasurementRow => ({
  name,
  split,
  value,
  unit: "1",
  interval: "exact",
  n: 1,
  tier: "metered",
  method: "",
  scope: "",
  conditions: {},
  baselineDelta: null,
  qualityKey: null,
  performanceKey: null,
  detail: null,
  measuredAt: new Date(0),
  derivedFrom: null,
});

const run = (number: number, measurements: readonly MeasurementRow[]): SharedRun => ({
  number,
  recipeName: `r${number}`,
  isBaseline: number === 1,
  state: "succeeded",
  endedAt: null,
  report: null,
  measurements,
  downloadBytes: null,
});

describe("shared runs", () => {
  const full = (number: number) =>
    run(number, [row("quality/top1", 0.9, "test"), row("size/file", 10 * number)]);
  it("finds quality and costs by metric ID", () => {
    expect(metricsOf([full(1)])).toEqual({ quality: "quality/top1@test", costs: ["size/file"] });
    expect(plotRowsOf([full(2)])[0]).toMatchObject({
      id: "2",
      values: { "quality/top1@test": { value: 0.9 } },
    });
  });
  it("draws only what can be compared", () => {
    expect(canDraw([full(1), full(2)], "quality/top1@test", "size/file")).toBe(true);
    expect(canDraw([full(1), run(2, [])], "quality/top1@test", "size/file")).toBe(false);
    expect(canDraw([full(1), full(2)], undefined, "size/file")).toBe(false);
  });
  it("opens a variant with values first", () => {
    expect(firstShown([full(1), run(2, []), full(3)])?.number).toBe(3);
    expect(firstShown([full(1)])?.number).toBe(1);
    expect(firstShown([])).toBeUndefined();
  });
});
