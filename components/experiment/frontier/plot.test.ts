import { describe, expect, it } from "vitest";
import type { RunRow, RunValue } from "#contracts/run.ts";
import { lineOf, plotOf } from "./plot.ts";

const quality = "quality/top1@test";

function value(amount: number, rest: Partial<RunValue> = {}): RunValue {
  return {
    value: amount,
    unit: "fraction",
    interval: { low: amount - 0.01, high: amount + 0.01, level: 0.95, method: "Wilson" },
    n: 100,
    tier: "metered",
    method: "test",
    baselineDelta: null,
    qualityKey: null,
    performanceKey: null,
    ...rest,
  };
}

function run(number: number, values: Record<string, RunValue>): RunRow {
  return {
    id: String(number),
    experimentId: "e",
    number,
    isBaseline: number === 1,
    recipeName: `recipe ${number}`,
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
  };
}

const size = (bytes: number, rest: Partial<RunValue> = {}) =>
  value(bytes, { unit: "B", interval: "exact", ...rest });

describe("plotOf", () => {
  const rows = [
    run(1, { [quality]: value(0.98), "size/file": size(1_000) }),
    run(2, { [quality]: value(0.97), "size/file": size(250) }),
    run(3, { [quality]: value(0.96), "size/file": size(500) }),
    run(4, { "size/file": size(10) }),
  ];

  it("puts each run where it stands", () => {
    const plot = plotOf(rows, quality, "size/file");
    expect(plot.points.map((point) => point.standing)).toEqual(["frontier", "frontier", "dominated"]);
    expect(plot.frontier.map((point) => point.id)).toEqual(["2", "1"]);
    expect(plot.baseline?.id).toBe("1");
    expect(plot.missing).toBe(1);
    expect(plot.points[0]?.qualityBounds).toEqual([0.97, 0.99]);
    expect(plot.points[0]?.costBounds).toBeNull();
  });

  it("draws the frontier to the end of the axis", () => {
    expect(lineOf(plotOf(rows, quality, "size/file"), 2_000).at(-1)).toEqual([2_000, 0.98]);
  });

  it("sets apart what was measured under other conditions or in another tier", () => {
    const elsewhere = run(5, { [quality]: value(0.99), "size/file": size(5, { performanceKey: "other" }) });
    const modelled = run(6, { [quality]: value(0.99), "size/file": size(5, { tier: "modelled" }) });
    const plot = plotOf([...rows, elsewhere, modelled], quality, "size/file");
    expect(plot.points.filter((point) => point.standing === "apart").map((point) => point.id)).toEqual([
      "5",
      "6",
    ]);
    expect(plot.frontier.map((point) => point.id)).toEqual(["2", "1"]);
    expect(plot.tiers).toEqual(["metered", "modelled"]);
  });

  it("shows the original at perfect fidelity to itself", () => {
    const fidelity = "fidelity/argmax-agreement";
    const plot = plotOf(
      [run(1, { "size/file": size(100) }), run(2, { [fidelity]: value(0.99), "size/file": size(50) })],
      fidelity,
      "size/file",
    );
    expect(plot.baseline).toMatchObject({ quality: 1, qualityBounds: null, standing: "frontier" });
    expect(plot.qualityUnit).toBe("fraction");
  });

  it.each([
    ["fidelity/cosine", 0.999, 1],
    ["fidelity/relative-error", 0.02, 0],
  ])("shows %s as the plain number that it is", (fidelity, own, perfect) => {
    const half = run(2, { [fidelity]: value(own, { unit: "1" }), "size/file": size(50) });
    const larger = run(3, { [fidelity]: value(own, { unit: "1" }), "size/file": size(70) });
    const plot = plotOf([run(1, { "size/file": size(100) }), half, larger], fidelity, "size/file");
    expect(plot.qualityUnit).toBe("1");
    expect(plot.baseline).toMatchObject({ quality: perfect, standing: "frontier" });
    expect(plot.points.map(({ standing }) => standing)).toEqual(["frontier", "frontier", "dominated"]);
  });
});
