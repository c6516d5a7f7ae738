import { describe, expect, it } from "vitest";
import type { RunRow, RunValue } from "#contracts/run.ts";
import { estimateOf, knownResults } from "./estimate.ts";

const value = (amount: number): RunValue => ({
  value: amount,
  unit: "s",
  interval: "exact",
  n: 1,
  tier: "metered",
  method: "",
  baselineDelta: null,
  qualityKey: null,
  performanceKey: null,
});

const run = (number: number, recipeName: string, seconds: number, rest: Partial<RunRow> = {}): RunRow => ({
  id: `${recipeName}-${number}`,
  experimentId: "e",
  number,
  isBaseline: recipeName === "baseline",
  recipeName,
  state: "succeeded",
  attempt: 1,
  maxAttempts: 3,
  cancelRequested: false,
  progress: null,
  problem: null,
  createdAt: new Date(0),
  startedAt: null,
  endedAt: new Date(number * 1_000),
  values: {
    "experiment/wall": value(seconds),
    "experiment/energy": value(seconds / 1_000),
    "size/file": value(1_000 / number),
  },
  ...rest,
});

const earlier = [
  run(1, "baseline", 10),
  run(2, "float16", 20),
  run(3, "prune-magnitude 90%", 30),
  run(4, "float16", 40),
];

describe("estimateOf", () => {
  it("adds the means of earlier runs, the baseline's too", () => {
    expect(estimateOf([null, "float16"], earlier)).toEqual({ seconds: 40, kwh: 0.04, unknown: 0 });
  });
  it("knows a technique whatever its options were", () => {
    expect(estimateOf(["prune-magnitude"], earlier).seconds).toBe(30);
  });
  it("says how many it knows nothing of, and invents nothing", () => {
    expect(estimateOf(["int8-dynamic", "float16"], earlier)).toMatchObject({ seconds: 30, unknown: 1 });
    expect(estimateOf(["int8-dynamic"], earlier)).toEqual({ seconds: null, kwh: null, unknown: 1 });
    expect(estimateOf(["float16"], [run(2, "float16", 20, { state: "failed" })]).seconds).toBeNull();
  });
});

describe("knownResults", () => {
  it("are the newest of each recipe, with how many times smaller they became", () => {
    const known = knownResults(earlier);
    expect(known.map(({ row }) => row.id)).toEqual(["float16-4", "prune-magnitude 90%-3"]);
    expect(known[0]?.ratio).toBeCloseTo(4);
  });
});
