import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { Step, StepName, StepOf } from "./step.schema.ts";

/** What a step must be given besides the model. */
export type Need = "nothing" | "calibration data" | "training data";

type Needs = { readonly [Name in StepName]: (options: StepOf[Name]) => Need };

const nothing = () => "nothing" as const;
const calibration = () => "calibration data" as const;
const training = () => "training data" as const;
/** For techniques that look at data only where an option asks for it. */
const calibrationIf = (isAsked: boolean): Need => (isAsked ? "calibration data" : "nothing");

/**
 * What each technique cannot do without, by its options alone: for whoever composes a recipe and must not load the
 * techniques themselves.
 */
const needs: Needs = {
  "cast.float16": nothing,
  "cast.bfloat16": nothing,
  "quantize.dynamic": nothing,
  "prune.magnitude": nothing,
  "prune.structured": ({ compensate }) => calibrationIf(compensate),
  "prune.normalized": nothing,
  "prune.nm": nothing,
  "prune.wanda": calibration,
  simplify: nothing,
  "factorize.svd": ({ activation_aware }) => calibrationIf(activation_aware),
  "cluster.kmeans": nothing,
  "quantize.blockwise": ({ algorithm }) => calibrationIf(algorithm === "gptq"),
  "quantize.static": calibration,
  "train.finetune": training,
};

function of<Name extends StepName>(step: StepOf[Name] & { use: Name }): Need {
  return needs[step.use](step);
}

export function needOf(step: Step): Need {
  return of(step);
}

/** Steps that learn from another model: the recipe's own, or one that is named beside it. */
const learnFromTeacher: ReadonlySet<string> = new Set(["train.distill"]);

/** Whether a step of a recipe learns from a teacher, so that it makes sense to name one. */
export function usesTeacher(steps: readonly { readonly use: string }[]): boolean {
  return steps.some(({ use }) => learnFromTeacher.has(use));
}

/** Whether a step of a recipe trains: such a recipe takes much longer than others. */
export function trains(steps: readonly Step[]): boolean {
  return steps.some((step) => needOf(step) === "training data");
}

/** The splits that the steps of a recipe look at: never that of test. Empty where none of them needs data. */
export function splitsFor(steps: readonly Step[]): SplitName[] {
  const needed = new Set(steps.map(needOf));
  const splits: SplitName[] = [];
  if (needed.has("calibration data")) splits.push("calibration");
  if (needed.has("training data")) splits.push("tuning");
  return splits.length === 0 ? [] : ["train", ...splits];
}
