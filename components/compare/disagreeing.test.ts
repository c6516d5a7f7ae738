import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Example } from "#contracts/run.ts";
import { filtered, joinChanged, outcomeOf, pageOf } from "./disagreeing.ts";

const example = (item: number, label: number, other: number, prediction: number): Example => ({
  item,
  label,
  other,
  prediction,
});

describe("outcomeOf", () => {
  it("is gained, lost or neither", () => {
    const all = [example(1, 5, 4, 5), example(2, 5, 5, 4), example(3, 5, 4, 3)];
    expect(all.map(outcomeOf)).toEqual(["gained", "lost", "other"]);
    expect(filtered(all, "lost").map(({ item }) => item)).toEqual([2]);
    expect(filtered(all, "all")).toEqual(all);
  });
});

describe("joinChanged", () => {
  it("equals comparing the predictions themselves", () => {
    const prediction = fc.integer({ min: 0, max: 3 });
    const items = fc.array(fc.tuple(prediction, prediction, prediction, prediction), { maxLength: 40 });
    fc.assert(
      fc.property(items, (rows) => {
        const changed = (of: 2 | 3) =>
          rows.flatMap((row, item) => (row[of] === row[1] ? [] : [example(item, row[0], row[1], row[of])]));
        const expected = rows.flatMap((row, item) =>
          row[2] === row[3] ? [] : [example(item, row[0], row[2], row[3])],
        );
        expect(joinChanged(changed(2), changed(3))).toEqual(expected);
      }),
    );
  });
  it("needs nothing of a run that is the baseline", () => {
    expect(joinChanged([], [example(7, 1, 1, 2)])).toEqual([example(7, 1, 1, 2)]);
    expect(joinChanged([example(7, 1, 1, 2)], [])).toEqual([example(7, 1, 2, 1)]);
  });
});

describe("pageOf", () => {
  const all = [1, 2, 3, 4, 5];
  it("cuts pages", () => {
    expect(pageOf(all, 2, 2)).toEqual({ rows: [3, 4], page: 2, pages: 3, from: 3, to: 4 });
    expect(pageOf(all, 3, 2)).toMatchObject({ rows: [5], from: 5, to: 5 });
  });
  it("stays within what exists", () => {
    expect(pageOf(all, 99, 2).page).toBe(3);
    expect(pageOf(all, -1, 2).page).toBe(1);
    expect(pageOf(all, Number.NaN, 2).page).toBe(1);
    expect(pageOf([], 1, 2)).toEqual({ rows: [], page: 1, pages: 1, from: 0, to: 0 });
  });
});
