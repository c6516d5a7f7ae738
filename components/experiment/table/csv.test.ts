import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { RunRow, RunValue } from "#contracts/run.ts";
import { parseSpec } from "./column-spec.ts";
import { toCsv } from "./csv.ts";
import { importantColumns } from "./important.ts";

const value: RunValue = {
  value: 0.9781234567,
  unit: "fraction",
  interval: { low: 0.97, high: 0.98, level: 0.95, method: "Wilson" },
  n: 10_000,
  tier: "metered",
  method: "share",
  baselineDelta: {
    value: -0.002,
    percent: -0.2,
    interval: { low: -0.006, high: 0.001, level: 0.95, method: "Tango" },
    method: "paired",
  },
  qualityKey: null,
  performanceKey: null,
};

const run = (number: number, recipeName: string, values: RunRow["values"]): RunRow => ({
  id: String(number),
  experimentId: "e",
  number,
  isBaseline: number === 1,
  recipeName,
  state: "succeeded",
  attempt: 1,
  maxAttempts: 3,
  cancelRequested: false,
  progress: null,
  problem: null,
  createdAt: new Date(0),
  startedAt: null,
  endedAt: null,
  values,
});

describe("toCsv", () => {
  it("gives every number in full, and leaves empty what a run lacks", () => {
    const rows = [run(1, "baseline", {}), run(2, 'half, "quoted"', { "quality/top1@test": value })];
    const parsed = parse(toCsv(rows, ["quality/top1@test"]), { columns: true });
    expect(parsed[1]).toMatchObject({
      run: "2",
      recipe: 'half, "quoted"',
      "quality/top1@test": "0.9781234567",
      "quality/top1@test low": "0.97",
      "quality/top1@test change": "-0.002",
      "quality/top1@test tier": "metered",
    });
    expect(parsed[0]).toMatchObject({ recipe: "baseline", "quality/top1@test": "" });
  });

  it("does not hand formulas to a spreadsheet", () => {
    const parsed = parse(toCsv([run(2, "=HYPERLINK(1)", {})], []), { columns: true });
    expect(parsed[0]).toMatchObject({ recipe: "'=HYPERLINK(1)" });
  });
});

describe("importantColumns", () => {
  const specs = (texts: string[]) => texts.flatMap((text) => parseSpec(text) ?? []);
  it("are what was lost and what was gained", () => {
    const all = specs([
      "quality/top1@test",
      "quality/top1@test~change",
      "size/file",
      "size/file~ratio",
      "latency/p50",
    ]);
    expect([...importantColumns(all)]).toEqual(["quality/top1@test~change", "size/file~ratio"]);
  });
  it("are the first two where one of these is missing", () => {
    expect([...importantColumns(specs(["latency/p50", "size/file", "size/gzip"]))]).toEqual([
      "latency/p50",
      "size/file",
    ]);
  });
});
