import { indexModel } from "#engine/graph/index.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { trainableTensors, withValues } from "#engine/train/graph/parameters.ts";
import { type AsyncPass, type Change, notApplicable } from "./pass.ts";
import { unknownNames } from "./pruning/report.ts";
import type { TrainLoraOptions } from "./train.lora.schema.ts";
import { mergedWeight, withAdapters } from "./train-lora/adapters.ts";
import { loraTargets, type Target } from "./train-lora/targets.ts";
import { groupsOf, masksOf } from "./training/held.ts";
import { noBetter, putWeights, trainingChanges, trainingWarnings } from "./training/report.ts";
import { retrain } from "./training/retrain.ts";

/**
 * Wins back accuracy with few trained numbers: every large matrix stays as it is, and a product of two thin ones beside
 * it is trained. See docs/engine/train.lora.md.
 */
export const trainLora: AsyncPass<TrainLoraOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const { targets, skipped, unknown } = loraTargets(indexModel(model), options);
  if (targets.length === 0) return notApplicable(say("train-lora.none"), skipped);
  const { rank } = options;
  const factor = options.alpha / rank;
  const adapted = withAdapters(model, targets, rank, factor, context.seed);
  const own = new Set(adapted.adapters.flatMap(({ down, up }) => [down, up]));
  const others = trainableTensors(adapted.model).trainable.filter(({ name }) => !own.has(name));
  const freeze = [...options.freeze, ...others.map(({ name }) => name)];
  const retrained = await retrain(
    { model: adapted.model, options: { ...options, freeze } },
    training,
    context,
  );
  const useless = noBetter(retrained);
  if (useless !== undefined) return useless;
  const corrections = adapted.adapters.map(({ target, down, up }) => ({
    target,
    down: valuesOf(retrained.weights, down),
    up: valuesOf(retrained.weights, up).map((value) => factor * value),
  }));
  const { changed, hasExtra } = putCorrections(model, corrections, options, context.seed);
  return {
    changed: [...trainingChanges(retrained), ...changed],
    skipped,
    warnings: [
      ...unknownNames(unknown),
      ...trainingWarnings(options, retrained),
      ...(hasExtra ? [say("train-lora.besideWarning")] : []),
    ],
  };
};

/** A and B of a target, with the factor in B. */
interface Correction {
  readonly target: Target;
  readonly down: Float32Array;
  readonly up: Float32Array;
}

function valuesOf(weights: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const values = weights.get(name);
  if (values === undefined) throw new Error(`${name} was not trained`);
  return values;
}

/** Adds corrections to their weights, or leaves them beside them. */
function putCorrections(
  model: Model,
  corrections: readonly Correction[],
  { rank, merge }: TrainLoraOptions,
  seed: number,
): { changed: Change[]; hasExtra: boolean } {
  const isMerged = ({ target }: Correction) => merge === "always" || (merge === "auto" && !hasGained(target));
  const merged = corrections.filter(isMerged);
  const beside = corrections.filter((correction) => !isMerged(correction));
  putWeights(
    model,
    new Map(merged.map(({ target, down, up }) => [target.name, mergedWeight(target, down, up)])),
  );
  if (beside.length > 0) {
    const targets = beside.map(({ target }) => target);
    const { model: extended, adapters } = withAdapters(model, targets, rank, 1, seed);
    const values = adapters.flatMap(({ down, up }, at): [string, Float32Array][] => {
      const correction = beside[at];
      return correction === undefined
        ? []
        : [
            [down, correction.down],
            [up, correction.up],
          ];
    });
    model.graph = withValues(extended, new Map(values)).graph;
  }
  const changed = [
    ...merged.map(({ target }) =>
      change(target, say("train-lora.merged", { rank, count: target.rows * target.columns })),
    ),
    ...beside.map(({ target }) => {
      const { rows, columns } = target;
      const figures = { rank, count: rows * columns, extra: rank * (rows + columns) };
      return change(target, say("train-lora.beside", figures));
    }),
  ];
  return { changed, hasExtra: beside.length > 0 };
}

const change = ({ name }: Target, what: Change["what"]): Change => ({ name, what });

/** Zeros or shared values, which a sum with a dense product would end. */
function hasGained({ name, tensor }: Target): boolean {
  const weights = new Map([[name, readFloats(tensor)]]);
  return masksOf(weights).size > 0 || groupsOf(weights).size > 0;
}
