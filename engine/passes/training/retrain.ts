import { failure } from "#engine/failure.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { BatchSource } from "#engine/train/batches.ts";
import { checkMemory, trainingBytes } from "#engine/train/capacity.ts";
import { decodeCheckpoint, encodeCheckpoint } from "#engine/train/checkpoint.ts";
import { type FitPlan, type FitResult, type FitRows, fitWeights, scoreOf } from "#engine/train/fit.ts";
import { type TrainingGraph, trainingGraph } from "#engine/train/graph/training-graph.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";
import { batchesPerEpoch } from "#engine/train/order.ts";
import type { Score } from "#engine/train/scores.ts";
import { checkLabels } from "#engine/train/targets.ts";
import { Trainer, type TrainerOptions } from "#engine/train/trainer.ts";
import type { PassContext } from "../pass.ts";
import { labelsOf, lossOf } from "./loss.ts";
import { optimizerOf, scheduleOf } from "./optimizer.ts";
import type { TrainingOptions } from "./options.schema.ts";
import { signatureOf } from "./signature.ts";
import type { TrainingTools } from "./tools.ts";

/** A training as a technique asks for it. */
export interface TrainingOrder {
  readonly model: Model;
  readonly options: TrainingOptions;
  /** By parameter: 1 for weights that move. */
  readonly masks?: ReadonlyMap<string, Float32Array>;
  /** @param updates of the whole training, and of each epoch */
  readonly trainer?: (updates: {
    readonly total: number;
    readonly perEpoch: number;
  }) => Pick<TrainerOptions, "project" | "afterUpdate">;
  /** Epochs at the start whose weights are not to be chosen. */
  readonly settling?: number;
}

export interface Retrained extends FitResult {
  readonly graph: TrainingGraph;
  /** On the tuning split, before the first step. */
  readonly before: Score | undefined;
  /** Of the weights that were chosen. */
  readonly after: Score | undefined;
  readonly items: number;
  readonly warnings: readonly EngineRemark[];
}

/**
 * Trains the weights of a model on the train split of the dataset, and chooses among the epochs by the tuning split.
 *
 * @throws EngineError "data-mismatch", "not-differentiable", "limit-exceeded", "training-failed"; the signal's reason
 */
export async function retrain(
  { model, options, masks = new Map(), trainer: adapt, settling = 0 }: TrainingOrder,
  tools: TrainingTools,
  context: PassContext,
): Promise<Retrained> {
  const { dataset } = tools;
  const labels = labelsOf(dataset);
  const loss = lossOf(options, labels);
  const { train, tuning } = dataset.splits;
  if (train.length === 0)
    throw failure("data-mismatch", say("training.noTrainSplit", { name: dataset.manifest.name }));
  const rows: FitRows = { train, tuning };
  const size = Math.min(options.batch_size, rows.train.length);
  const seen = Uint32Array.from([...rows.train, ...rows.tuning]);
  const source = new BatchSource(dataset, signatureOf(model), seen, size);
  const graph = trainingGraph(model, { inputDims: source.inputDims, loss, frozen: options.freeze });
  if (graph.target !== undefined) checkLabels(labels, seen, graph.target, graph.predictionDims.at(-1) ?? 1);
  const optimizer = optimizerOf(options);
  checkMemory(trainingBytes(graph, optimizer, options.accumulate), size, tools.availableBytes);
  const perEpoch = batchesPerEpoch(rows.train.length, size) / options.accumulate;
  const total = Math.max(1, Math.floor(perEpoch * options.epochs));
  const trainer = await Trainer.open(
    graph,
    new Map(graph.parameters.map(({ name, tensor }) => [name, readFloats(tensor)])),
    {
      optimizer,
      schedule: scheduleOf(options),
      totalUpdates: total,
      accumulate: options.accumulate,
      seed: context.seed,
      ...adapt?.({ total, perEpoch }),
    },
    tools.open,
    masks,
  );
  try {
    const before = await scoreOf(trainer, dataset, source, rows.tuning, loss);
    const plan = planOf(options, loss, context.seed, settling);
    const fitted = await fitFrom(trainer, source, rows, plan, tools, context);
    return {
      ...fitted,
      graph,
      before,
      after: fitted.history[fitted.epoch - 1]?.tuning,
      items: rows.train.length,
      warnings: warningsOf(options, size, graph, rows),
    };
  } finally {
    await trainer.release();
  }
}

function planOf(options: TrainingOptions, loss: LossOptions, seed: number, settling: number): FitPlan {
  const { epochs, patience, shift, flip } = options;
  const augmentation = { shift, flip };
  const isAugmented = shift > 0 || flip;
  return { loss, epochs, seed, patience, settling, ...(isAugmented && { augmentation }) };
}

async function fitFrom(
  trainer: Trainer,
  source: BatchSource,
  rows: FitRows,
  plan: FitPlan,
  tools: TrainingTools,
  context: PassContext,
): Promise<FitResult> {
  const checkpoints = tools.checkpoints?.("training");
  const kept = await checkpoints?.load();
  return await fitWeights(
    trainer,
    tools.dataset,
    source,
    rows,
    plan,
    {
      onProgress: context.onProgress,
      onPoint: (curve, step, value) => tools.onPoint?.(curve, step, value),
      onBegin: (course) => tools.onBegin?.(course),
      onEpoch: (epoch, report) => tools.onEpoch?.(epoch, report),
      ...(tools.signal && { signal: tools.signal }),
      ...(checkpoints && {
        onCheckpoint: (state) => checkpoints.save(encodeCheckpoint(state)),
        isCheckpointDue: (_, epochEnds) => checkpoints.isDue?.() ?? epochEnds,
      }),
    },
    kept && decodeCheckpoint(kept),
  );
}

function warningsOf(
  { batch_size }: TrainingOptions,
  size: number,
  { unknown }: TrainingGraph,
  { tuning, train }: FitRows,
): EngineRemark[] {
  const warnings: EngineRemark[] = unknown.map((name) => say("training.unknownFreeze", { name }));
  if (size < batch_size)
    warnings.push(say("training.smallerBatch", { wanted: batch_size, items: train.length }));
  if (tuning.length === 0) warnings.push(say("training.noTuning"));
  return warnings;
}
