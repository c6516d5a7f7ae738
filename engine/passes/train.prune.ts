import { indexModel } from "#engine/graph/index.ts";
import { say } from "#engine/say.ts";
import { trainableTensors } from "#engine/train/graph/parameters.ts";
import { type AsyncPass, type Change, notApplicable, type Skip, wholeModel } from "./pass.ts";
import { prunableWeights } from "./prune-magnitude/weights.ts";
import { unknownNames, zerosWarning } from "./pruning/report.ts";
import type { TrainPruneOptions } from "./train.prune.schema.ts";
import { pruneGroups, pruner, trainedGroups } from "./train-prune/pruner.ts";
import { putWeights, trainingChanges, trainingWarnings } from "./training/report.ts";
import { type Retrained, retrain } from "./training/retrain.ts";

/**
 * Gradual pruning: while the model is trained, the share of zeros rises along a cubic curve; what is left learns to do
 * without. See docs/engine/train.prune.md.
 */
export const trainPrune: AsyncPass<TrainPruneOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const { trainable } = trainableTensors(model, options.freeze);
  const moving = new Set(trainable.map(({ name }) => name));
  const { weights, skipped, unknown } = prunableWeights(indexModel(model), options.protect);
  const names = weights.map(({ value }) => value.name);
  const prunable = names.filter((name) => moving.has(name));
  for (const name of names) {
    if (!moving.has(name)) skipped.push({ name, reason: say("train-prune.notTrained") });
  }
  if (prunable.length === 0)
    return { changed: [], skipped: reasons(skipped), warnings: unknownNames(unknown) };
  const given = pruneGroups(prunable, options);
  const strangers = Object.keys(options.layers ?? {}).filter((name) => !prunable.includes(name));
  const retrained = await retrain(
    {
      model,
      options,
      settling: Math.ceil(options.end * options.epochs),
      hasMask: true,
      trainer: ({ total, graph }) => ({
        project: pruner(trainedGroups(given, graph), options, total, (updates, share) =>
          training.onPoint?.("zeros", updates, share),
        ),
      }),
    },
    training,
    context,
  );
  putWeights(model, retrained.weights);
  const warnings = [
    ...unknownNames(unknown),
    ...strangers.map((name) => say("train-prune.unknownLayer", { name })),
    ...trainingWarnings(options, retrained),
    zerosWarning,
  ];
  return {
    changed: [...trainingChanges(retrained), ...zeroChanges(retrained, prunable)],
    skipped,
    warnings,
  };
};

function reasons(skipped: Skip[]): Skip[] {
  return skipped.length > 0 ? skipped : [{ name: wholeModel, reason: say("common.noWeights") }];
}

function zeroChanges({ weights }: Retrained, names: readonly string[]): Change[] {
  const each = names.flatMap((name) => {
    const values = weights.get(name);
    if (values === undefined) return [];
    const zeros = values.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
    return [{ name, zeros, count: values.length }];
  });
  const told = (zeros: number, count: number) =>
    say("pruning.zeros", { zeros, count, sparsity: zeros / count });
  const total = each.reduce(
    (sum, { zeros, count }) => ({ zeros: sum.zeros + zeros, count: sum.count + count }),
    {
      zeros: 0,
      count: 0,
    },
  );
  return [
    { name: wholeModel, what: told(total.zeros, total.count) },
    ...each.map(({ name, zeros, count }) => ({ name, what: told(zeros, count) })),
  ];
}
