import { cloneStructure } from "#engine/graph/clone.ts";
import { countMacs } from "#engine/graph/macs.ts";
import { countParameters } from "#engine/inspect/parameters.ts";
import type { Model } from "#engine/onnx/model.ts";
import { isRemark, say } from "#engine/say.ts";
import {
  type AsyncPass,
  type Change,
  notApplicable,
  type PassContext,
  type Skip,
  wholeModel,
} from "./pass.ts";
import { pruneStructuredSchema } from "./prune.structured.schema.ts";
import type { TrainStructuredOptions } from "./train.structured.schema.ts";
import { cutUnits } from "./train-structured/cut-units.ts";
import { taylorScores } from "./train-structured/taylor.ts";
import { putWeights, scoreRemark, trainingWarnings } from "./training/report.ts";
import { type Retrained, retrain } from "./training/retrain.ts";
import type { TrainingTools } from "./training/tools.ts";

/**
 * Structured pruning in rounds: the units that the loss would miss least are cut out of the graph, and what is left is
 * trained before the next cut. See docs/engine/train.structured.md.
 */
export const trainStructured: AsyncPass<TrainStructuredOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const { epochs, rounds } = options;
  if (epochs < rounds) return notApplicable(say("train-structured.tooFewEpochs", { epochs, rounds }));
  const before = extentOf(model);
  const done = await allRounds(model, options, context, training);
  if (done.reports.length === 0)
    return notApplicable(done.ended ?? say("prune-structured.allKept"), done.skipped);
  Object.assign(model, done.model);
  const after = extentOf(model);
  const last = done.reports.at(-1);
  return {
    changed: [totalChange(done.removed, done.units, before, after), ...done.changes],
    skipped: done.skipped,
    warnings: last === undefined ? [] : trainingWarnings(options, last),
  };
};

interface Rounds {
  readonly model: Model;
  readonly reports: readonly Retrained[];
  readonly changes: readonly Change[];
  readonly skipped: Skip[];
  readonly removed: number;
  readonly units: number;
  /** Why the first cut was none. */
  readonly ended: Parameters<typeof notApplicable>[0] | undefined;
}

async function allRounds(
  source: Model,
  options: TrainStructuredOptions,
  context: PassContext,
  training: TrainingTools,
): Promise<Rounds> {
  const { rounds, epochs, ratio } = options;
  // As many of those that are left each time that the share asked for is gone in the end.
  const each = 1 - (1 - ratio) ** (1 / rounds);
  let model = source;
  let skipped: Skip[] = [];
  let [removed, units] = [0, 0];
  const reports: Retrained[] = [];
  const changes: Change[] = [];
  for (let round = 1; round <= rounds; round++) {
    const next = cloneStructure(model);
    const scores = await taylorScores(model, options, options.score_batches, training, context.seed + round);
    const result = cutUnits(next, cutOptions(options, each), scores);
    if (round === 1) skipped = [...result.skipped];
    if (isRemark(result.cut)) {
      if (reports.length === 0)
        return { model, reports, changes, skipped, removed, units, ended: result.cut };
      continue;
    }
    removed += result.cut.removed;
    if (units === 0) units = result.cut.units;
    const share = Math.floor((epochs * round) / rounds) - Math.floor((epochs * (round - 1)) / rounds);
    const retrained = await retrain(
      { model: next, options: { ...options, epochs: share }, key: `round ${round}` },
      training,
      { ...context, onProgress: (part) => context.onProgress((round - 1 + part) / rounds) },
    );
    putWeights(next, retrained.weights);
    const score = scoreRemark(retrained.before, retrained.after);
    if (score !== undefined)
      changes.push({ name: wholeModel, what: say("train-structured.round", { round, rounds, score }) });
    reports.push(retrained);
    model = next;
  }
  return { model, reports, changes, skipped, removed, units, ended: undefined };
}

function cutOptions(options: TrainStructuredOptions, ratio: number) {
  const { scope, min_units, round_to, heads, protect, freeze } = options;
  // What is frozen has no gradient to be judged by.
  const kept = [...protect, ...freeze];
  return pruneStructuredSchema.parse({
    use: "prune.structured",
    ratio,
    scope,
    min_units,
    round_to,
    heads,
    protect: kept,
  });
}

function extentOf(model: Model) {
  return { parameters: countParameters(model).parameters, macs: countMacs(model).macs };
}

type Extent = ReturnType<typeof extentOf>;

function totalChange(removed: number, units: number, before: Extent, after: Extent): Change {
  const figures = { removed, units, before: before.parameters, after: after.parameters };
  const what =
    before.macs !== null && after.macs !== null
      ? say("prune-structured.totalWithMacs", { ...figures, macsBefore: before.macs, macsAfter: after.macs })
      : say("prune-structured.total", figures);
  return { name: wholeModel, what };
}
