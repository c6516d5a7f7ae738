import { expect, it } from "vitest";
import { splitsFor, trains, usesTeacher } from "./needs.ts";
import { stepSchema } from "./step.schema.ts";

const steps = (...uses: unknown[]) => uses.map((use) => stepSchema.parse(use));
const finetune = { use: "train.finetune" };

it("knows recipes that train, and the splits that they look at", () => {
  expect(trains(steps({ use: "simplify" }, finetune))).toBe(true);
  expect(trains(steps({ use: "quantize.static" }))).toBe(false);
  expect(splitsFor(steps(finetune))).toEqual(["train", "tuning"]);
  expect(splitsFor(steps({ use: "quantize.static" }))).toEqual(["train", "calibration"]);
  expect(splitsFor(steps({ use: "simplify" }))).toEqual([]);
});

it("knows recipes whose steps learn from a teacher", () => {
  expect(usesTeacher(steps({ use: "simplify" }, finetune))).toBe(false);
  expect(usesTeacher([{ use: "simplify" }, { use: "train.distill" }])).toBe(true);
});
