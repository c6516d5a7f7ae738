import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoreClassification } from "./classification.ts";
import { compareMeans, compareShares, countChanges, estimateMean, estimateShare } from "./compare.ts";
import { recallPerClass } from "./per-class.ts";
import { scoreRanking } from "./ranking.ts";
import { scoreRegression } from "./regression.ts";
import { asScores, detectScoreKind } from "./scores.ts";

const scores = (width: number, values: number[]) =>
  asScores({ items: values.length / width, values: Float64Array.from(values) });

describe("detectScoreKind", () => {
  it("follows its rule", () => {
    expect(detectScoreKind(scores(2, [0.3, 0.7, 1, 0]))).toBe("probabilities");
    expect(detectScoreKind(scores(2, [0.3, 0.69, 0.995, 0]))).toBe("probabilities");
    expect(detectScoreKind(scores(2, [0.3, 0.7, 0.6, 0.6]))).toBe("logits");
    expect(detectScoreKind(scores(2, [-0.1, 1.1]))).toBe("logits");
    expect(detectScoreKind(scores(2, [Math.log(0.3), Math.log(0.7)]))).toBe("logits");
    expect(detectScoreKind(scores(1, [0.2, 0.9]))).toBe("probabilities");
    expect(detectScoreKind(scores(1, [0.2, 1.9]))).toBe("logits");
    expect(detectScoreKind(scores(2, [Number.NaN, 1]))).toBe("logits");
  });
});

describe("scoreClassification", () => {
  it("has the loss of a calculation by hand", () => {
    // softmax(1, 2, 3) = (.09003, .24473, .66524)
    const { loss, correct, predicted } = scoreClassification(scores(3, [1, 2, 3, 3, 2, 1]), [2, 1], "logits");
    expect(loss[0]).toBeCloseTo(-Math.log(0.6652409557748219), 12);
    expect(loss[1]).toBeCloseTo(-Math.log(0.24472847105479764), 12);
    expect([...correct]).toEqual([1, 0]);
    expect([...predicted]).toEqual([2, 0]);
  });

  it("gives the same loss for logits, log-probabilities and probabilities", () => {
    const logit = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(logit, logit, logit), (row) => {
        const sum = row.reduce((total, x) => total + Math.exp(x), 0);
        const probabilities = row.map((x) => Math.exp(x) / sum);
        const [one] = scoreClassification(scores(3, row), [1], "logits").loss;
        const [two] = scoreClassification(scores(3, probabilities), [1], "probabilities").loss;
        const [three] = scoreClassification(scores(3, probabilities.map(Math.log)), [1], "logits").loss;
        expect(two).toBeCloseTo(one!, 9);
        expect(three).toBeCloseTo(one!, 9);
      }),
    );
  });

  it("handles one column, large logits and broken outputs", () => {
    expect([...scoreClassification(scores(1, [0.6, 0.6]), [1, 0], "probabilities").correct]).toEqual([1, 0]);
    expect(scoreClassification(scores(1, [-1000, 1000]), [1, 1], "logits").loss).toEqual(
      Float64Array.of(1000, 0),
    );
    expect(scoreClassification(scores(2, [1e4, -1e4]), [1], "logits").loss[0]).toBe(2e4);
    const broken = scoreClassification(scores(2, [Number.NaN, 1, 0, 1]), [1, 1], "probabilities");
    expect([...broken.correct]).toEqual([0, 1]);
    expect(scoreClassification(scores(2, [0, 1]), [0], "probabilities").loss[0]).toBeCloseTo(
      23 * Math.LN2,
      12,
    );
  });

  it("refuses labels beyond the model's classes", () => {
    expect(() => asScores({ items: 1, values: Float32Array.of(1, 2) }, 3)).toThrow(
      "3 classes, the model scores 2",
    );
  });
});

describe("scoreRegression", () => {
  it("has the RMSE and MAE of a calculation by hand", () => {
    const { squared, absolute } = scoreRegression(scores(1, [1, 2, 6]), [2, 2, 3]);
    expect(estimateMean(squared, "rootMean", 1).value).toBeCloseTo(Math.sqrt(10 / 3), 12);
    expect(estimateMean(absolute, "mean", 1).value).toBeCloseTo(4 / 3, 12);
  });

  it("does not reward a prediction that is not a number", () => {
    const { squared } = scoreRegression(scores(1, [Number.NaN]), [2]);
    expect(estimateMean(squared, "rootMean", 1)).toMatchObject({
      value: Number.POSITIVE_INFINITY,
      interval: undefined,
    });
  });
});

describe("scoreRanking", () => {
  it("has the value of a calculation by hand", () => {
    // Relevances in predicted order 3, 2, 0: gains 7, 3, 0, which is the ideal order.
    expect([...scoreRanking([9, 8, 7], [3, 2, 0], [0, 0, 0]).ndcg]).toEqual([1]);
    // Reversed: 0/1 + 3/log2(3) + 7/2 over 7/1 + 3/log2(3).
    const reversed = (3 / Math.log2(3) + 3.5) / (7 + 3 / Math.log2(3));
    expect(scoreRanking([7, 8, 9], [3, 2, 0], [0, 0, 0]).ndcg[0]).toBeCloseTo(reversed, 12);
  });

  it("shares the gain among ties, whatever the order of the file", () => {
    const one = scoreRanking([1, 1, 1], [3, 0, 0], [0, 0, 0]).ndcg[0]!;
    const other = scoreRanking([1, 1, 1], [0, 0, 3], [0, 0, 0]).ndcg[0]!;
    expect(one).toBeCloseTo(other, 12);
    expect(one).toBeCloseTo((1 + 1 / Math.log2(3) + 0.5) / 3, 12);
  });

  it("leaves out lists without an order and looks ten deep", () => {
    const result = scoreRanking([1, 2, 3, 4], [2, 2, 0, 1], [5, 5, 6, 6]);
    expect([...result.lists]).toEqual([6]);
    const deep = scoreRanking(
      Array.from({ length: 12 }, (_, i) => -i),
      [...Array(11).fill(0), 4],
      Array(12).fill(0),
    );
    expect(deep.ndcg[0]).toBe(0);
  });

  it("stays between 0 and 1", () => {
    const list = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 5 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(list, (items) => {
        const { ndcg } = scoreRanking(
          items.map(([s]) => s),
          items.map(([, r]) => r),
          items.map(() => 0),
        );
        for (const value of ndcg) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });
});

describe("comparison on the same items", () => {
  it("counts what changed", () => {
    const baseline = Uint8Array.of(1, 1, 0, 0, 1);
    const candidate = Uint8Array.of(1, 0, 1, 0, 0);
    expect(countChanges(baseline, candidate)).toEqual({ gained: 1, lost: 2 });
    expect(compareShares(baseline, candidate).value).toBeCloseTo(-0.2, 12);
    expect(estimateShare(candidate)).toMatchObject({ value: 0.4, n: 5 });
    expect(() => compareShares(baseline, Uint8Array.of(1))).toThrow("same items");
  });

  it("is narrower than two separate intervals where errors agree", () => {
    const loss = Float64Array.from({ length: 500 }, (_, index) => ((index * 7919) % 101) / 10);
    const shifted = loss.map((value, index) => value + (index % 3 === 0 ? 0.1 : 0));
    const difference = compareMeans(loss, shifted, "mean", 1);
    const single = estimateMean(loss, "mean", 1).interval!;
    expect(difference.value).toBeCloseTo(0.0334, 4);
    expect(difference.interval!.low).toBeGreaterThan(0);
    expect(difference.interval!.high - difference.interval!.low).toBeLessThan(
      (single.high - single.low) / 10,
    );
  });

  it("gives recall and change per class", () => {
    const recalls = recallPerClass(
      [0, 0, 2, 2, 2],
      Uint8Array.of(1, 0, 1, 1, 1),
      Uint8Array.of(1, 1, 0, 1, 1),
    );
    expect(recalls.map(({ class: label, recall }) => [label, recall.value, recall.n])).toEqual([
      [0, 0.5, 2],
      [2, 1, 3],
    ]);
    expect(recalls[0]!.change!.value).toBe(-0.5);
    expect(recalls[1]!.change!.value).toBeCloseTo(1 / 3, 12);
  });
});
