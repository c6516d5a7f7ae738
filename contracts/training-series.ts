import type { CurveName } from "#engine/passes/training/tools.ts";

/**
 * Name of the series in which a run keeps a curve of a training, such as `train.finetune: loss`. Where a recipe trains
 * in the same way more than once, the number of the step stands in it: `train.finetune 3: loss`.
 *
 * @param at place of the step in the recipe, from 0
 */
export function trainingSeries(
  steps: readonly { readonly use: string }[],
  at: number,
  curve: CurveName,
): string {
  const use = steps[at]?.use ?? "";
  const isOnly = steps.filter((step) => step.use === use).length === 1;
  return isOnly ? `${use}: ${curve}` : `${use} ${at + 1}: ${curve}`;
}

export interface TrainingSeries {
  readonly use: string;
  /** Of the step in the recipe, from 1; undefined where only one step trains in this way. */
  readonly step: number | undefined;
  readonly curve: string;
}

const form = /^(train\.\w+)(?: (\d+))?: (.+)$/;

/** Undefined for the name of any other series. */
export function parseTrainingSeries(name: string): TrainingSeries | undefined {
  const [, use, step, curve] = form.exec(name) ?? [];
  if (use === undefined || curve === undefined) return undefined;
  return { use, step: step === undefined ? undefined : Number(step), curve };
}
