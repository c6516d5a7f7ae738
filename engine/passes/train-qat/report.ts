import { type EngineRemark, say } from "#engine/say.ts";
import { sizeOf } from "#engine/train/autodiff/operand.ts";
import { isBetter, type Score } from "#engine/train/scores.ts";
import { type Change, wholeModel } from "../pass.ts";
import type { Retrained } from "../training/retrain.ts";
import type { FakeQuantized } from "./fake.ts";

/** Whether the weights before training are at least as good as those of the best epoch. */
export function keepsStart({ before, after }: Pick<Retrained, "before" | "after">): boolean {
  return before !== undefined && after !== undefined && !isBetter(after, before);
}

/** What the training did. */
export function qatChanges(
  retrained: Retrained,
  { scales }: FakeQuantized,
  float: Score | undefined,
): Change[] {
  const { items, history, epoch, graph, weights: values } = retrained;
  const factors = new Set(scales.map(({ factor }) => factor));
  const weights = graph.parameters
    .filter(({ name }) => !factors.has(name))
    .reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  const changes: Change[] = [
    { name: wholeModel, what: say("training.trained", { weights, items, epochs: history.length, epoch }) },
  ];
  const learned = [...values].flatMap(([name, found]) => (factors.has(name) ? [...found] : []));
  if (learned.length > 0) {
    const [least, most] = [
      learned.reduce((a, b) => Math.min(a, b)),
      learned.reduce((a, b) => Math.max(a, b)),
    ];
    changes.push({ name: wholeModel, what: say("train-qat.scales", { count: learned.length, least, most }) });
  }
  const score = scoreRemark(float, retrained.before, retrained.after);
  return score === undefined ? changes : [...changes, { name: wholeModel, what: score }];
}

export function scoreRemark(
  float: Score | undefined,
  before: Score | undefined,
  after: Score | undefined,
): EngineRemark | undefined {
  if (float === undefined || before === undefined || after === undefined) return undefined;
  if (float.accuracy !== undefined && before.accuracy !== undefined && after.accuracy !== undefined) {
    const accuracy = { float: float.accuracy, before: before.accuracy, after: after.accuracy };
    return say("train-qat.accuracy", accuracy);
  }
  return say("train-qat.loss", { float: float.loss, before: before.loss, after: after.loss });
}
