import { describe, expect, it } from "vitest";
import type { RunRow, RunValue } from "#contracts/run.ts";
import { hasUnknown, patchPages, type RunPages } from "./patch.ts";

const value = (amount: number): RunValue => ({
  value: amount,
  unit: "B",
  interval: "exact",
  n: 1,
  tier: "metered",
  method: "",
  baselineDelta: null,
  qualityKey: null,
  performanceKey: null,
});

const run = (id: string, state: RunRow["state"], values: RunRow["values"] = {}): RunRow => ({
  id,
  experimentId: "e",
  number: 1,
  isBaseline: false,
  recipeName: id,
  state,
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

const pages: RunPages = {
  pages: [
    { rows: [run("a", "queued"), run("b", "running", { old: value(1) })], nextCursor: "x", total: 3 },
    { rows: [run("c", "queued")], nextCursor: null, total: 3 },
  ],
  pageParams: [null, "x"],
};

describe("patchPages", () => {
  it("changes rows where they stand and keeps the values that it does not bring", () => {
    const after = patchPages(pages, [run("b", "succeeded", { fresh: value(2) })]);
    expect(after?.pages[0]?.rows.map((row) => [row.id, row.state])).toEqual([
      ["a", "queued"],
      ["b", "succeeded"],
    ]);
    expect(Object.keys(after?.pages[0]?.rows[1]?.values ?? {})).toEqual(["old", "fresh"]);
  });
  it("leaves pages alone that nothing changed on", () => {
    expect(patchPages(pages, [run("a", "running")])?.pages[1]).toBe(pages.pages[1]);
    expect(patchPages(undefined, [])).toBeUndefined();
  });
  it("bears a single page, which launching and comparing leave in the cache", () => {
    const single = { rows: [], nextCursor: null, total: 0 } as unknown as RunPages;
    expect(patchPages(single, [run("a", "running")])).toBe(single);
    expect(hasUnknown(single, [run("a", "running")])).toBe(true);
  });
  it("sees a run that is new", () => {
    expect(hasUnknown(pages, [run("c", "running")])).toBe(false);
    expect(hasUnknown(pages, [run("d", "queued")])).toBe(true);
  });
});
