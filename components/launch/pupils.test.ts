import { expect, it } from "vitest";
import { hasPupil } from "./pupils.ts";

const recipe = (...uses: string[]) => ({ steps: uses.map((use) => ({ use })) });

it("asks for a teacher where a chosen recipe learns from one", () => {
  const plain = recipe("prune.magnitude", "train.finetune");
  const pupil = recipe("prune.magnitude", "train.distill");
  expect(hasPupil([plain], [{ recipe: plain }])).toBe(false);
  expect(hasPupil([plain, pupil], [])).toBe(true);
  expect(hasPupil([], [{ recipe: pupil }])).toBe(true);
});
