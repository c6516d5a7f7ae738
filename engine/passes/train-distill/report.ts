import type { Model } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { trainableTensors } from "#engine/train/graph/parameters.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";
import { isBetter, type Score } from "#engine/train/scores.ts";
import { type Change, wholeModel } from "../pass.ts";
import type { TrainDistillOptions } from "../train.distill.schema.ts";
import type { Retrained } from "../training/retrain.ts";
import { hasClasses } from "./beside.ts";

/** A network that has taken the place of the model. */
export function builtChange(kind: string, student: Model, before: Model): Change {
  const [weights, old] = [student, before].map(weightCount);
  const what = say("train-distill.built", { architecture: kind, weights: weights ?? 0, before: old ?? 0 });
  return { name: wholeModel, what };
}

const weightCount = (model: Model) =>
  trainableTensors(model).trainable.reduce((sum, { dims }) => sum + elementCount(dims), 0);

/** What the student learned from, and how good that is. */
export function taughtChanges(
  { alpha, temperature }: TrainDistillOptions,
  loss: LossOptions,
  teacher: Score | undefined,
): Change[] {
  const changes: Change[] = [];
  if (alpha > 0) {
    const what = hasClasses(loss)
      ? say("train-distill.taught", { alpha, temperature })
      : say("train-distill.taughtNumbers", { alpha });
    changes.push({ name: wholeModel, what });
  }
  if (teacher === undefined) return changes;
  const { accuracy } = teacher;
  const score =
    accuracy === undefined
      ? say("train-distill.teacherLoss", { loss: teacher.loss })
      : say("train-distill.teacherAccuracy", { accuracy });
  return [...changes, { name: wholeModel, what: score }];
}

/** What makes a teacher useless. */
export function teacherWarnings(
  isSame: boolean,
  teacher: Score | undefined,
  { before }: Retrained,
): EngineRemark[] {
  if (isSame) return [say("train-distill.sameTeacher")];
  if (teacher === undefined || before === undefined || isBetter(teacher, before)) return [];
  return [say("train-distill.worseTeacher")];
}

/** Whether two models are one: every weight has the very same bytes in both. */
export function isSameModel(a: Model, b: Model): boolean {
  const [ours, theirs] = [a.graph.initializer, b.graph.initializer];
  const data = new Map(theirs.map((tensor) => [tensor.name, tensor]));
  return (
    ours.length > 0 &&
    ours.length === theirs.length &&
    a.graph.node.length === b.graph.node.length &&
    ours.every(({ name, rawData, floatData }) => {
      const other = data.get(name);
      return other !== undefined && other.rawData === rawData && other.floatData === floatData;
    })
  );
}

/** The training without the parameters that are no part of the model, such as projections. */
export function ownPart(retrained: Retrained, student: Model): Retrained {
  const own = new Set(trainableTensors(student).trainable.map(({ name }) => name));
  const parameters = retrained.graph.parameters.filter(({ name }) => own.has(name));
  return { ...retrained, graph: { ...retrained.graph, parameters } };
}
