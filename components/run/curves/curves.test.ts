import { describe, expect, it } from "vitest";
import { recipeSchema } from "#engine/recipe.schema.ts";
import { courseOf, rowAt, rowsOfCourse, valueAt } from "./course.ts";
import { keptEpoch } from "./kept.ts";
import { smoothed } from "./smooth.ts";
import { trainingsOf } from "./trainings.ts";

const finetune = { use: "train.finetune", epochs: 3 };
const row = (name: string) => ({ name, lastStep: 1, last: 1, min: 1, max: 1, count: 1 });
const points = (...pairs: [number, number][]) => ({
  steps: pairs.map(([step]) => step),
  values: pairs.map(([, value]) => value),
});

describe("the trainings of a run", () => {
  const recipe = (...steps: object[]) => recipeSchema.parse({ name: "r", steps });

  it("have the curves of their own step", () => {
    const twice = recipe(finetune, { use: "cast.float16" }, { ...finetune, epochs: 5 });
    const series = ["train.finetune 1: loss", "train.finetune 3: loss", "process/cpu", "train.finetune 3: x"];
    expect(trainingsOf({ recipe: twice, series: series.map(row) })).toEqual([
      { at: 0, use: "train.finetune", epochs: 3, series: { loss: "train.finetune 1: loss" } },
      { at: 2, use: "train.finetune", epochs: 5, series: { loss: "train.finetune 3: loss" } },
    ]);
  });

  it("are there before their first point, and no other steps are", () => {
    const [only, ...more] = trainingsOf({ recipe: recipe({ use: "cast.float16" }, finetune), series: [] });
    expect(only).toMatchObject({ at: 1, series: {} });
    expect(more).toEqual([]);
    expect(trainingsOf({ recipe: recipe({ use: "cast.float16" }), series: [row("loss")] })).toEqual([]);
  });
});

describe("smoothing", () => {
  it("keeps a level as it is from the first point on", () => {
    for (const value of smoothed([3, 3, 3, 3])) expect(value).toBeCloseTo(3, 12);
  });

  it("weighs what came before nine to one", () => {
    const [first, second] = smoothed([1, 2]);
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo((0.09 * 1 + 0.1 * 2) / 0.19, 12);
  });
});

describe("the epoch that is kept", () => {
  const loss = points([10, 0.9], [20, 0.5], [30, 0.6]);
  const accuracy = points([10, 0.7], [20, 0.8], [30, 0.8]);
  const report = { use: "train.finetune", changed: [], skipped: [], changedMore: 0, skippedMore: 0 };
  const said = (key: string, params: Record<string, number>) => ({ name: "model", what: { key, params } });

  it("is so far the one with the most right, and of as many the smaller loss", () => {
    expect(keptEpoch(undefined, { loss, accuracy }, false)).toEqual({ epoch: 2, isFinal: false });
    const onlyLoss = { loss, accuracy: points() };
    expect(keptEpoch(undefined, onlyLoss, false)).toEqual({ epoch: 2, isFinal: false });
    const later = { loss, accuracy: points([10, 0.7], [20, 0.8], [30, 0.9]) };
    expect(keptEpoch(undefined, later, false)).toEqual({ epoch: 3, isFinal: false });
  });

  it("is not foretold while weights still become zero, nor without an epoch", () => {
    expect(keptEpoch(undefined, { loss, accuracy }, true)).toBeUndefined();
    expect(keptEpoch(undefined, { loss: points(), accuracy: points() }, false)).toBeUndefined();
  });

  it("is in the end the one that the step says", () => {
    const changed = [said("training.trained", { weights: 1, items: 1, epochs: 3, epoch: 3 })];
    expect(keptEpoch({ ...report, changed }, { loss, accuracy }, false)).toEqual({ epoch: 3, isFinal: true });
    const skipped = [{ name: "model", reason: { key: "training.noBetter", params: {} } }];
    expect(keptEpoch({ ...report, skipped }, { loss, accuracy }, false)).toBe("none");
  });
});

describe("a course", () => {
  const all = {
    loss: points([5, 2], [10, 1], [15, 0.5], [20, 0.25]),
    "tuning loss": points([10, 1.1], [20, 0.4]),
    "learning rate": points([5, 0.1], [20, 0.05]),
  };
  const course = courseOf({ at: 0, epochs: 3 }, all, null);

  it("reaches to the last batch that is planned, until it has ended", () => {
    expect(course).toMatchObject({ batchesPerEpoch: 10, lastStep: 20, endStep: 30 });
    const ended = { outcome: "compressed" as const, steps: [], warnings: [] };
    expect(courseOf({ at: 0, epochs: 3 }, all, ended).endStep).toBe(20);
    expect(courseOf({ at: 0, epochs: 3 }, { loss: all.loss }, null).endStep).toBe(20);
  });

  it("has at each batch the last values up to it", () => {
    expect(valueAt(all.loss, 4)).toBeUndefined();
    expect(valueAt(all.loss, 5)).toBe(2);
    expect(valueAt(all.loss, 19)).toBe(0.5);
    expect(valueAt(all.loss, 99)).toBe(0.25);
    expect(rowAt(course, 12)).toMatchObject({ epoch: 2, tuningLoss: 1.1, rate: 0.1 });
    expect(rowAt(course, 10)).toMatchObject({ epoch: 1 });
  });

  it("is a table of epochs, or of some batches where there are none", () => {
    expect(rowsOfCourse(course).map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 10],
      [2, 20],
    ]);
    const many = Array.from({ length: 100 }, (_, at): [number, number] => [at + 1, 1]);
    const rows = rowsOfCourse(courseOf({ at: 0, epochs: 1 }, { loss: points(...many) }, null));
    expect(rows).toHaveLength(20);
    expect(rows.at(-1)).toMatchObject({ epoch: undefined, step: 100 });
  });
});
