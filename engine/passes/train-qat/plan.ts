import { rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { makeFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { modelScopes } from "#engine/graph/scope.ts";
import type { Model } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { withValues } from "#engine/train/graph/parameters.ts";
import { epochOrder } from "#engine/train/order.ts";
import type { Range } from "../calibration/range.ts";
import { isQuantizedOp } from "../domains.ts";
import {
  type CalibrationData,
  type Change,
  notApplicable,
  type PassContext,
  type PassResult,
  reportName,
  type Skip,
} from "../pass.ts";
import { type QuantizeStaticOptions, quantizeStaticSchema } from "../quantize.static.schema.ts";
import { integerChanges } from "../quantize-static/changes.ts";
import { chooseNodes } from "../quantize-static/choose.ts";
import { collectRanges } from "../quantize-static/collect.ts";
import type { GivenScales } from "../quantize-static/draft.ts";
import { rangesByGraph, valuesOf } from "../quantize-static/observed.ts";
import { raiseOpset, settleWeights } from "../quantize-static/prepare.ts";
import { hasWeightInput, weightsByNode } from "../quantize-static/weight-inputs.ts";
import { type WriteResult, writeQuantized } from "../quantize-static/write.ts";
import { simplifySchema } from "../simplify.schema.ts";
import { simplify } from "../simplify.ts";
import type { TrainQatOptions } from "../train.qat.schema.ts";
import type { TrainingTools } from "../training/tools.ts";
import { type FreezePlaces, freezePlaces, frozenNames } from "./freeze.ts";

/** What becomes integers, and how, before anything is trained: static quantisation decides it. */
export interface QatPlan {
  /** In float32, with batch normalisation folded into its layers: what is trained. */
  readonly base: Model;
  readonly options: QuantizeStaticOptions;
  /** Positions of the nodes that are quantised. */
  readonly chosen: readonly number[];
  /** Of the values of the main graph. */
  readonly ranges: ReadonlyMap<string, Range>;
  readonly data: CalibrationData;
  /** Initialisers that may have become unused. */
  readonly released: readonly string[];
  /** Tensors that stay as they are. */
  readonly frozen: readonly string[];
  /** Names of `freeze` that the model does not have. */
  readonly unknown: readonly string[];
  readonly folded: readonly Change[];
  readonly skipped: readonly Skip[];
}

/** The options of static quantisation among those of a step. */
export function quantizationOptions(options: TrainQatOptions): QuantizeStaticOptions {
  const shape = quantizeStaticSchema.shape;
  const own = Object.entries(options).filter(([key]) => key in shape && key !== "use");
  return quantizeStaticSchema.parse({ use: "quantize.static", ...Object.fromEntries(own) });
}

/** Batch normalisation becomes part of its layer, so that what is trained is what is exported; nothing else changes. */
const foldOptions = simplifySchema.parse({
  use: "simplify",
  fold_constants: false,
  remove_identities: false,
  canonicalise_gemm: false,
  merge_duplicates: false,
});

/**
 * Chooses nodes and calibrates their values on items of the train split.
 *
 * @param onProgress share of the work done
 * @returns the result of the step where it is not applicable
 * @throws EngineError as `observe` does
 */
export async function planQat(
  model: Model,
  step: TrainQatOptions,
  training: TrainingTools,
  context: PassContext,
  onProgress: (fraction: number) => void,
): Promise<QatPlan | PassResult> {
  if (context.load === undefined) return notApplicable(say("common.needsData"));
  if (modelScopes(model).some((scope) => scope.body.node.some(isQuantizedOp)))
    return notApplicable(say("common.alreadyQuantized"));
  const options = quantizationOptions(step);
  const base = cloneStructure(model);
  const places: FreezePlaces = freezePlaces(base, step.freeze);
  const { changed: folded } = await simplify(base, foldOptions, { ...context, onProgress: () => {} });
  // The training graph has pairs, whatever format the result will have.
  const refusal = raiseOpset(base, { ...options, format: "qdq" });
  if (refusal !== undefined) return { changed: [], skipped: [refusal], warnings: [] };
  const released = settleWeights(base);
  const index = indexModel(base);
  const { chosen, inner, skipped } = chooseNodes(index, options);
  for (const node of inner) {
    if (hasWeightInput(node)) skipped.push({ name: reportName(node), reason: say("train-qat.inSubgraph") });
  }
  if (weightsByNode(index, chosen).size === 0) return notApplicable(say("quantize-static.nothing"), skipped);
  const data = trainItems(training, options.samples, context.seed);
  const values = valuesOf(base, index, chosen);
  const { ranges } = await collectRanges(
    base,
    new Set([...values.values()].flat()),
    { ...context, calibration: data },
    options,
    onProgress,
  );
  return {
    base,
    options,
    chosen: base.graph.node.flatMap((node, at) => (chosen.has(node) ? [at] : [])),
    ranges: rangesByGraph(ranges).get(base.graph) ?? new Map(),
    data,
    released,
    frozen: frozenNames(base, places),
    unknown: places.unknown,
    folded: folded.slice(1),
    skipped,
  };
}

/** Items of a batch while ranges are looked at. */
const batchSize = 10;

/** Items of the train split, drawn by the seed: a table may be sorted by class. */
function trainItems({ dataset }: TrainingTools, samples: number, seed: number): CalibrationData {
  const rows = epochOrder(rowsOf(dataset, "train"), seed, 0).slice(0, samples);
  return {
    items: rows.length,
    description: say("common.items", { count: rows.length, split: "train", dataset: dataset.manifest.name }),
    batches: (signature) => makeFeeds(dataset, signature, rows, batchSize),
  };
}

export interface WrittenPlan {
  readonly model: Model;
  readonly result: WriteResult;
  /** Weights that became integers. */
  readonly changes: Change[];
}

/**
 * Writes the model with integers; the plan can be written again.
 *
 * @param values of tensors that are not as in the plan
 * @param given scales that are not those of the calibration
 */
export function writePlan(
  { base, options, chosen, ranges, released }: QatPlan,
  values: ReadonlyMap<string, Float32Array>,
  format: QuantizeStaticOptions["format"],
  given?: GivenScales,
): WrittenPlan {
  const model = withValues(cloneStructure(base), values);
  const nodes = new Set(chosen.flatMap((at) => model.graph.node[at] ?? []));
  const plan = { chosen: nodes, unrounded: new Set<string>(), given };
  const sources = weightsByNode(indexModel(model), nodes);
  const seen = new Map([[model.graph, ranges]]);
  const result = writeQuantized(model, { ...options, format }, plan, seen, released);
  return { model, result, changes: integerChanges(sources, result) };
}
