import { expect, it } from "vitest";
import { parseTrainingSeries, trainingSeries } from "./training-series.ts";

const finetune = { use: "train.finetune" };

it("tells the curves of several trainings of a recipe apart, and is read back", () => {
  const one = trainingSeries([{ use: "simplify" }, finetune], 1, "loss");
  expect(one).toBe("train.finetune: loss");
  expect(parseTrainingSeries(one)).toEqual({ use: "train.finetune", step: undefined, curve: "loss" });
  const second = trainingSeries([finetune, { use: "simplify" }, finetune], 2, "tuning accuracy");
  expect(second).toBe("train.finetune 3: tuning accuracy");
  expect(parseTrainingSeries(second)).toEqual({ use: "train.finetune", step: 3, curve: "tuning accuracy" });
  expect(parseTrainingSeries("process/memory")).toBeUndefined();
});
