import { indexModel } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { byteView } from "#engine/onnx/make.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { countParameters } from "../inspect/parameters.ts";
import type { Weighting } from "../linear-algebra/low-rank.ts";
import { defaultEnergy, type FactorizeSvdOptions } from "./factorize.svd.schema.ts";
import { allotRanks } from "./factorize-svd/budget.ts";
import { Emitter, type LayerFactors } from "./factorize-svd/emit.ts";
import { findLayers, type Layer } from "./factorize-svd/layers.ts";
import { observedMoments } from "./factorize-svd/moments.ts";
import { numericalRank, roundoff, tails } from "./factorize-svd/ranks.ts";
import { decompose, type TaskOutput } from "./factorize-svd/task.ts";
import { detachInitializersFromInputs } from "./initializers.ts";
import {
  type AsyncPass,
  type Change,
  notApplicable,
  type PassContext,
  type PassResult,
  wholeModel,
} from "./pass.ts";
import { float32Bytes, handedOver } from "./pieces.ts";
import { unknownNames } from "./pruning/report.ts";
import { dropStaleTypes, removeUnused } from "./unused.ts";

/** A layer with what the data says about it. */
interface Job {
  readonly layer: Layer;
  readonly weighting: Weighting | undefined;
  /** Why the data does not count, where activations were asked for and do not. */
  readonly blind: EngineRemark | undefined;
}

/** What a task found out, with the factors where they need not stay in memory. */
type Decomposed = Omit<TaskOutput, "factors"> & { readonly factors: Omit<LayerFactors, "rank"> | undefined };

type Wish = { readonly rank: number } | { readonly energy: number };

/**
 * Low-rank factorisation: a weight W becomes the product of two, W ≈ L R, by the singular value decomposition, and
 * the node that read it becomes two nodes. The rank follows from the options; a layer whose factors would hold as
 * many numbers as the weight stays as it is. See docs/engine/factorize.svd.md.
 */
export const factorizeSvd: AsyncPass<FactorizeSvdOptions> = async (model, options, context) => {
  detachInitializersFromInputs(model);
  const index = indexModel(model);
  const { layers, skipped, unknown } = findLayers(index, options);
  const warnings = unknownNames(unknown);
  if (layers.length === 0) {
    if (skipped.length > 0) return { changed: [], skipped, warnings };
    return notApplicable(say("factorize-svd.nothing", { ops: options.op_types }));
  }
  const moments = options.activation_aware
    ? await observedMoments(model, index, layers, options.damping, within(context, 0, 0.3))
    : [];
  const jobs = layers.map((layer, at): Job => {
    const seen = moments[at];
    return isRemark(seen)
      ? { layer, weighting: undefined, blind: seen }
      : { layer, weighting: seen, blind: undefined };
  });
  const before = countParameters(model, index).parameters;
  const wishes = await wishesOf(jobs, options, before, context);
  if (isRemark(wishes)) return { ...notApplicable(wishes, skipped), warnings };
  const outputs = await decomposeAll(jobs, wishes, within(context, 0.5, 1));
  const emitter = new Emitter(uniqueNames(model), context.shelf);
  const changed: Change[] = [];
  for (const [at, job] of jobs.entries()) {
    const { layer } = job;
    const output = outputs[at];
    if (output === undefined) {
      skipped.push({ name: layer.value.name, reason: say("factorize-svd.budgetMet") });
    } else if (output.factors === undefined) {
      skipped.push({ name: layer.value.name, reason: tooLarge(layer, output, options) });
    } else {
      emitter.layer(layer, { rank: output.rank, ...output.factors });
      changed.push({ name: layer.value.name, what: summary(job, output) });
    }
  }
  if (changed.length === 0) return { changed, skipped, warnings };
  emitter.finish(index.scopes);
  const dropped = removeUnused(model, emitter.released);
  dropStaleTypes(model);
  const now = countParameters(model).parameters;
  changed.unshift({ name: wholeModel, what: say("factorize-svd.parameters", { before, now }) });
  if (dropped.length > 0) {
    warnings.push(say("common.defaultsGone", { names: dropped.slice(0, 10) }));
  }
  return { changed, skipped, warnings } satisfies PassResult;
};

/** What is asked of every layer, undefined where it stays whole; or why the budget cannot be met. */
async function wishesOf(
  jobs: readonly Job[],
  { rank, energy, budget }: FactorizeSvdOptions,
  parameters: number,
  context: PassContext,
): Promise<(Wish | undefined)[] | EngineRemark> {
  if (rank !== undefined) return jobs.map(() => ({ rank }));
  if (budget === undefined) return jobs.map(() => ({ energy: energy ?? defaultEnergy }));
  const spectra = await decomposeAll(jobs, undefined, within(context, 0.3, 0.5));
  const candidates = jobs.map(({ layer }, at) => ({
    energies: spectra[at]?.energies ?? new Float64Array(),
    count: layer.rows * layer.columns,
    perRank: layer.perRank,
    mostRank: layer.mostRank,
  }));
  const allotted = allotRanks(candidates, parameters - budget * parameters);
  if ("most" in allotted) {
    const share = (parameters - allotted.most) / parameters;
    return say("factorize-svd.overBudget", { share, budget });
  }
  return allotted.ranks.map((chosen) => (chosen === undefined ? undefined : { rank: chosen }));
}

/** The context of a part of the work, whose progress is a part of the whole. */
function within(context: PassContext, from: number, to: number): PassContext {
  return { ...context, onProgress: (fraction) => context.onProgress(from + (to - from) * fraction) };
}

const unitOf = ({ tensor }: Layer) =>
  (tensor.dataType === dtypes.float16.code ? roundoff.float16 : roundoff.float32) ?? 0;

/**
 * Runs the decompositions on all cores, the largest first so that none is left waiting for it at the end.
 *
 * @param wishes undefined: only energies
 */
async function decomposeAll(
  jobs: readonly Job[],
  wishes: readonly (Wish | undefined)[] | undefined,
  context: PassContext,
): Promise<(Decomposed | undefined)[]> {
  const outputs: (Decomposed | undefined)[] = jobs.map(() => undefined);
  const costs = jobs.map(({ layer: { rows, columns } }) => {
    const side = Math.min(rows, columns);
    return side * side * (2 * side + Math.max(rows, columns));
  });
  const queue = jobs
    .map((_, at) => at)
    .filter((at) => wishes === undefined || wishes[at] !== undefined)
    .sort((a, b) => (costs[b] ?? 0) - (costs[a] ?? 0) || a - b);
  const all = queue.reduce((sum, at) => sum + (costs[at] ?? 0), 0);
  let done = 0;
  const runner = async () => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const job = jobs[at];
      if (job === undefined) continue;
      const { rows, columns, flipped, mostRank, tensor } = job.layer;
      const { bytes, transfer } = handedOver(float32Bytes(tensor));
      const half = tensor.dataType === dtypes.float16.code;
      const { weighting } = job;
      const wish = wishes?.[at];
      const unit = unitOf(job.layer);
      const input = { bytes, rows, columns, flipped, weighting, half, unit, wish, mostRank };
      const { factors, ...found } = await context.pool.run(decompose, input, transfer);
      outputs[at] = { ...found, factors: factors && onShelf(factors, context) };
      done += costs[at] ?? 0;
      context.onProgress(done / all);
    }
  };
  await Promise.all(Array.from({ length: context.pool.size }, runner));
  return outputs;
}

function onShelf({ left, right }: NonNullable<TaskOutput["factors"]>, { shelf }: PassContext) {
  return { left: shelf.put(byteView(left)), right: shelf.put(byteView(right)) };
}

function summary({ layer, weighting, blind }: Job, { energies, rank }: Decomposed): EngineRemark {
  const { rows, columns, perRank } = layer;
  const rest = tails(energies);
  const kept = 1 - (rest[rank] ?? 0) / (rest[0] ?? 1);
  const figures = { rows, columns, rank, before: rows * columns, now: rank * perRank, kept };
  if (blind !== undefined) return say("factorize-svd.factorsDespiteData", { ...figures, reason: blind });
  return say(weighting === undefined ? "factorize-svd.factors" : "factorize-svd.factorsByData", figures);
}

function tooLarge(
  layer: Layer,
  { rank, energies }: Decomposed,
  { min_saving: saving }: FactorizeSvdOptions,
): EngineRemark {
  const { rows, columns, perRank, stored, mostRank: most } = layer;
  const count = rows * columns;
  const factors = rank * perRank;
  const figures = { rank, full: numericalRank(energies, unitOf(layer)), factors, count };
  if (stored < count && factors < (1 - saving) * count) {
    return say("factorize-svd.fewStored", { ...figures, stored });
  }
  return saving > 0
    ? say("factorize-svd.savesTooLittle", { ...figures, most, saving })
    : say("factorize-svd.tooLarge", { ...figures, most });
}
