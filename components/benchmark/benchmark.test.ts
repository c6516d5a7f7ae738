import { describe, expect, it } from "vitest";
import type { BoardEntry, BoardValue, Leaderboard } from "#contracts/benchmark.ts";
import { costOf, keptMetrics, rankable, shownMetrics } from "./columns.ts";
import { type Candidate, cannotOpen, cannotSubmit, qualitiesOf } from "./eligible.ts";
import { leaderOf } from "./leader.ts";
import { inReadingOrder, plotRowsOf, readFirst } from "./order.ts";

const value = (amount: number, spread?: number, more: Partial<BoardValue> = {}): BoardValue => ({
  value: amount,
  unit: "1",
  interval:
    spread === undefined
      ? "exact"
      : { low: amount - spread, high: amount + spread, level: 0.95, method: "test" },
  n: 1,
  tier: "metered",
  method: "",
  baselineDelta: null,
  qualityKey: null,
  performanceKey: null,
  ...more,
});

let clock = 0;
const entry = (id: string, rank: BoardEntry["rank"], values: BoardEntry["values"] = {}): BoardEntry => ({
  id,
  title: id,
  organisation: "",
  submittedAt: new Date(++clock),
  isBaseline: rank === "baseline",
  isOwn: false,
  rank,
  tied: false,
  values,
});

const board = (entries: BoardEntry[], more: Partial<Leaderboard> = {}): Leaderboard => ({
  slug: "b",
  name: "b",
  description: "",
  organisation: "",
  isPublic: true,
  task: "classification",
  dataset: "d",
  createdAt: new Date(0),
  split: "test",
  qualityMetric: "quality/top1",
  higherIsBetter: true,
  by: "quality/top1",
  tier: "metered",
  metrics: ["quality/top1", "size/file", "energy/per-1000", "size/parameters"],
  entries,
  ...more,
});

const baseline = entry("base", "baseline", { "quality/top1": value(0.9, 0.02), "size/file": value(1000) });

describe("inReadingOrder", () => {
  it("puts the baseline after the ranked and before those without a rank", () => {
    const order = inReadingOrder([
      entry("a", 1),
      entry("b", 2),
      entry("x", "missing"),
      baseline,
      entry("y", "otherTier"),
    ]);
    expect(order.map(({ id }) => id)).toEqual(["a", "b", "base", "x", "y"]);
  });
});

describe("readFirst", () => {
  const many = Array.from({ length: 60 }, (_, index) => entry(`e${index}`, index + 1));

  it("keeps the baseline and the marked entry in a table that is cut", () => {
    const shown = readFirst(inReadingOrder([...many, baseline]), "e50");
    expect(shown.map(({ id }) => id)).toEqual([...many.slice(0, 20).map(({ id }) => id), "e50", "base"]);
  });

  it("does not cut a table for a handful of rows", () => {
    expect(readFirst(many.slice(0, 25), "")).toHaveLength(25);
  });
});

describe("plotRowsOf", () => {
  it("numbers by submission, the baseline first, whatever the ranking", () => {
    const [early, late] = [entry("early", 2), entry("late", 1)];
    const numbers = (entries: BoardEntry[]) => plotRowsOf(entries).map(({ id, number }) => [id, number]);
    expect(numbers([late, early, baseline])).toEqual([
      ["base", 1],
      ["early", 2],
      ["late", 3],
    ]);
    expect(numbers([early, late, baseline])).toEqual(numbers([late, early, baseline]));
    expect(numbers([late, early])).toEqual([
      ["early", 2],
      ["late", 3],
    ]);
  });
});

describe("leaderOf", () => {
  const small = { "quality/top1": value(0.89, 0.02), "size/file": value(260) };
  it("names one leader with quality and ratios against the baseline", () => {
    const found = leaderOf(board([entry("small", 1, small), baseline]));
    expect(found).toMatchObject({ kind: "one", entry: { id: "small" } });
    if (found.kind !== "one") return;
    expect(found.against.map(({ metric, overlap }) => [metric, overlap])).toEqual([["quality/top1", true]]);
    expect(found.ratios).toEqual([{ metric: "size/file", fraction: 0.26 }]);
  });
  it("says nothing twice, and nothing of what is not comparable", () => {
    const other = { ...small, "quality/top1": value(0.7, 0.02, { tier: "imported" }) };
    const found = leaderOf(board([entry("small", 1, other), baseline], { by: "size/file" }));
    if (found.kind !== "one") throw new Error(found.kind);
    expect(found.ratios).toEqual([]);
    expect(found.against.map(({ metric, baseline: reference }) => [metric, reference?.value])).toEqual([
      ["size/file", 1000],
      ["quality/top1", undefined],
    ]);
  });
  it("says why nobody leads alone", () => {
    expect(leaderOf(board([baseline])).kind).toBe("noEntries");
    expect(leaderOf(board([entry("x", "missing"), baseline])).kind).toBe("nobody");
    expect(leaderOf(board([entry("x", "otherTier"), baseline], { by: "energy/per-1000" })).kind).toBe(
      "noReference",
    );
  });
  it("names the smallest of those that share the first place, where one is", () => {
    const smaller = { ...small, "size/file": value(100) };
    const shared = leaderOf(board([entry("a", 1, small), entry("b", 1, smaller), baseline]));
    expect(shared).toMatchObject({ kind: "shared", smallest: { entry: { id: "b" }, fraction: 0.1 } });
    const equal = leaderOf(board([entry("a", 1, small), entry("b", 1, small), baseline]));
    expect(equal).toMatchObject({ kind: "shared", smallest: null });
  });
});

describe("columns", () => {
  it("offers quality and the costs that exist", () => {
    expect(rankable(board([]))).toEqual(["quality/top1", "size/file", "energy/per-1000"]);
  });
  it("always shows what the board is ranked by", () => {
    expect(shownMetrics(board([], { by: "size/gzip" }))).toEqual([
      "quality/top1",
      "size/file",
      "energy/per-1000",
      "size/gzip",
    ]);
    expect([...keptMetrics(board([], { by: "energy/per-1000" }))]).toEqual([
      "quality/top1",
      "energy/per-1000",
    ]);
  });
  it("draws the chosen cost, else the ranked one, else the size", () => {
    expect(costOf(board([]), "")).toBe("size/file");
    expect(costOf(board([], { by: "energy/per-1000" }), "")).toBe("energy/per-1000");
    expect(costOf(board([], { by: "energy/per-1000" }), "size/file")).toBe("size/file");
    expect(costOf(board([]), "nonsense")).toBe("size/file");
  });
});

describe("who may enter", () => {
  const quality = { name: "quality/top1", split: "test", qualityKey: "k" };
  const run = (more: Partial<Candidate>): Candidate => ({
    id: "r",
    recipeName: "r",
    isBaseline: false,
    state: "succeeded",
    measurements: [{ name: "size/file", split: null, qualityKey: null }, quality],
    ...more,
  });
  it("opens a board from a finished baseline with a quality on the test split", () => {
    expect(cannotOpen(run({ isBaseline: true }))).toBeUndefined();
    expect(cannotOpen(run({}))).toBe("notBaseline");
    expect(cannotOpen(run({ isBaseline: true, state: "running" }))).toBe("notFinished");
    expect(cannotOpen(run({ isBaseline: true, measurements: [{ ...quality, split: "tuning" }] }))).toBe(
      "noQuality",
    );
  });
  it("submits a finished run whose quality can be compared", () => {
    expect(cannotSubmit(run({}))).toBeUndefined();
    expect(cannotSubmit(run({ state: "failed" }))).toBe("notFinished");
    expect(cannotSubmit(run({ measurements: [{ ...quality, qualityKey: null }] }))).toBe("noQuality");
  });
  it("offers the most telling quality first", () => {
    const loss = { ...quality, name: "quality/loss" };
    expect(qualitiesOf(run({ measurements: [loss, quality] }))).toEqual(["quality/top1", "quality/loss"]);
  });
});
