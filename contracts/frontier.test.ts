import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Aims, dominates, type FrontierPoint, frontierOf, stepsOf } from "./frontier.ts";

const better = fc.constantFrom("higher" as const, "lower" as const);
const aims: fc.Arbitrary<Aims> = fc.record({ quality: better, cost: better });
// Few distinct values, so that ties and equal points are common.
const value = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const points = fc
  .array(fc.tuple(value, value), { maxLength: 40 })
  .map((pairs) =>
    pairs.map(([quality, cost], index): FrontierPoint => ({ id: String(index), quality, cost })),
  );

describe("frontierOf", () => {
  it("has no dominated point, and every other point is dominated by one of its points", () => {
    fc.assert(
      fc.property(points, aims, (all, aim) => {
        const { frontier, dominated } = frontierOf(all, aim);
        for (const point of frontier) expect(all.some((other) => dominates(other, point, aim))).toBe(false);
        for (const point of dominated)
          expect(frontier.some((other) => dominates(other, point, aim))).toBe(true);
        expect(frontier.length + dominated.length).toBe(all.length);
      }),
    );
  });

  it("does not depend on the order of the points", () => {
    fc.assert(
      fc.property(points, aims, (all, aim) => {
        const ids = (list: readonly FrontierPoint[]) => list.map((point) => point.id).toSorted();
        expect(ids(frontierOf(all.toReversed(), aim).frontier)).toEqual(ids(frontierOf(all, aim).frontier));
      }),
    );
  });

  it("lists the cheapest first", () => {
    const all = [
      { id: "baseline", quality: 0.98, cost: 100 },
      { id: "half", quality: 0.979, cost: 50 },
      { id: "worse", quality: 0.97, cost: 60 },
    ];
    const { frontier, dominated } = frontierOf(all, { quality: "higher", cost: "lower" });
    expect(frontier.map((point) => point.id)).toEqual(["half", "baseline"]);
    expect(dominated.map((point) => point.id)).toEqual(["worse"]);
  });

  it("leaves out what is not a number", () => {
    const odd = [
      { id: "odd", quality: Number.NaN, cost: 1 },
      { id: "far", quality: 1, cost: Number.POSITIVE_INFINITY },
    ];
    expect(frontierOf(odd, { quality: "higher", cost: "lower" })).toEqual({ frontier: [], dominated: [] });
  });
});

describe("stepsOf", () => {
  it("goes along the cost first, then up", () => {
    const frontier = [
      { id: "a", quality: 1, cost: 10 },
      { id: "b", quality: 3, cost: 20 },
    ];
    expect(stepsOf(frontier, 30)).toEqual([
      [10, 1],
      [20, 1],
      [20, 3],
      [30, 3],
    ]);
  });

  it("draws equal points once", () => {
    const twins = [
      { id: "a", quality: 1, cost: 10 },
      { id: "b", quality: 1, cost: 10 },
    ];
    expect(stepsOf(twins, 10)).toEqual([
      [10, 1],
      [10, 1],
    ]);
  });

  it("is empty without points", () => expect(stepsOf([], 1)).toEqual([]));
});
