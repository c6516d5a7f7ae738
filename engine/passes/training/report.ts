import type { EngineError } from "#engine/error.ts";
import { clearUntrained } from "#engine/inspect/untrained.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, remarkOf, say } from "#engine/say.ts";
import { withValues } from "#engine/train/graph/parameters.ts";
import { isBetter, type Score } from "#engine/train/scores.ts";
import { type Change, notApplicable, type PassResult, wholeModel } from "../pass.ts";
import type { Held } from "./held.ts";
import type { TrainingOptions } from "./options.schema.ts";
import type { Retrained } from "./retrain.ts";

/** What a training did to the model as a whole, and how good it is on the tuning split. */
export function trainingChanges(retrained: Retrained): Change[] {
  const { items, history, epoch, before, after } = retrained;
  const weights = retrained.graph.parameters.reduce((sum, { dims }) => sum + product(dims), 0);
  const trained = say("training.trained", { weights, items, epochs: history.length, epoch });
  const changes: Change[] = [{ name: wholeModel, what: trained }];
  const score = scoreRemark(before, after);
  if (score !== undefined) changes.push({ name: wholeModel, what: score });
  return changes;
}

export function scoreRemark(before: Score | undefined, after: Score | undefined): EngineRemark | undefined {
  if (before === undefined || after === undefined) return undefined;
  if (before.accuracy !== undefined && after.accuracy !== undefined)
    return say("training.accuracy", { before: before.accuracy, after: after.accuracy });
  return say("training.loss", { before: before.loss, after: after.loss });
}

/** Each trained tensor, with what it kept of the work of steps before. */
export function tensorChanges({ graph }: Retrained, { masks, groups }: Held): Change[] {
  return graph.parameters.map(({ name, dims }) => {
    const count = product(dims);
    const zeros = masks.get(name)?.reduce((sum, keep) => sum + (keep === 0 ? 1 : 0), 0) ?? 0;
    const group = groups.get(name);
    if (group !== undefined) {
      const values = group.reduce((most, of) => Math.max(most, of + 1), 0);
      return { name, what: say("training.movedShared", { count, zeros, values }) };
    }
    if (zeros > 0) return { name, what: say("training.movedHeld", { count, zeros }) };
    return { name, what: say("training.moved", { count }) };
  });
}

/** Remarks beside the changes. */
export function trainingWarnings({ patience = 0 }: TrainingOptions, retrained: Retrained): EngineRemark[] {
  const { warnings, stoppedEarly, history } = retrained;
  if (!stoppedEarly) return [...warnings];
  return [...warnings, say("training.endedEarly", { epochs: history.length, patience })];
}

/** Undefined where the training made the model better, or nothing is known of it; else the result that says so. */
export function noBetter({ before, after, warnings }: Retrained): PassResult | undefined {
  if (before === undefined || after === undefined || isBetter(after, before)) return undefined;
  const score = scoreRemark(before, after);
  if (score === undefined) return undefined;
  return { ...notApplicable(say("training.noBetter", { score })), warnings: [...warnings] };
}

/** A model without a gradient, or without weights that may move, is a result: the technique does not apply. */
export function untrainable(error: EngineError): PassResult {
  return notApplicable(say("training.nothingToTrain", { error: remarkOf(error) }));
}

/** Puts the trained weights into the model. */
export function putWeights(model: Model, weights: ReadonlyMap<string, Float32Array>): void {
  model.graph = withValues(model, weights).graph;
  clearUntrained(model);
}

const product = (dims: readonly number[]) => dims.reduce((count, size) => count * size, 1);
