import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePredictions, type Predictions, selectItems } from "./compare.ts";

const made = (labels: number[], predictions: number[], split = "test"): Predictions => ({
  split,
  items: Int32Array.from(labels, (_, index) => 100 + index),
  labels: Int32Array.from(labels),
  predictions: Int32Array.from(predictions),
});

describe("comparison item by item", () => {
  it("counts what was gained and lost, by class, and lists the disagreeing items", () => {
    const result = comparePredictions(
      made([0, 0, 1, 1, 2], [0, 1, 1, 0, 2]),
      made([0, 0, 1, 1, 2], [1, 0, 1, 2, 2]),
      10,
    );
    expect(result).toMatchObject({
      comparable: true,
      items: 5,
      bothCorrect: 2,
      bothWrong: 1,
      gained: 1,
      lost: 1,
    });
    expect(result.perClass).toEqual([
      { label: 0, items: 2, correctFirst: 1, correctOther: 1 },
      { label: 1, items: 2, correctFirst: 1, correctOther: 1 },
      { label: 2, items: 1, correctFirst: 1, correctOther: 1 },
    ]);
    expect(result.disagreeing.map(({ item }) => item)).toEqual([100, 101, 103]);
    expect(result.disagreeing[0]).toEqual({ item: 100, label: 0, prediction: 1, other: 0 });
  });

  it("refuses other items, another split and runs without examples", () => {
    const one = made([0, 1], [0, 1]);
    expect(comparePredictions(one, made([0, 0], [0, 1]), 5).reason).toBe("otherItems");
    expect(comparePredictions(one, made([0, 1, 1], [0, 1, 1]), 5).reason).toBe("otherItems");
    expect(comparePredictions(one, made([0, 1], [0, 1], "tuning"), 5).reason).toBe("otherItems");
    expect(comparePredictions(one, undefined, 5).reason).toBe("noExamples");
  });

  it("adds up", () => {
    const item = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 50 }), (items) => {
        const labels = items.map(([label]) => label);
        const [one, other] = [
          made(
            labels,
            items.map(([, a]) => a),
          ),
          made(
            labels,
            items.map(([, , b]) => b),
          ),
        ];
        const { bothCorrect, bothWrong, gained, lost, perClass } = comparePredictions(one, other, 0);
        expect(bothCorrect + bothWrong + gained + lost).toBe(items.length);
        const change = perClass.reduce((sum, entry) => sum + entry.correctOther - entry.correctFirst, 0);
        expect(change).toBe(gained - lost);
      }),
    );
  });
});

it("selects changed, wrong or all items", () => {
  const [own, baseline] = [made([0, 1, 2], [0, 2, 1]), made([0, 1, 2], [0, 1, 1])];
  expect(selectItems(own, baseline, "changed").positions).toEqual([1]);
  expect(selectItems(own, baseline, "wrong").positions).toEqual([1, 2]);
  expect(selectItems(own, undefined, "changed").positions).toEqual([]);
  expect(selectItems(own, undefined, "all").positions).toEqual([0, 1, 2]);
});
