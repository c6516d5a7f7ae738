import { EngineError } from "#engine/error.ts";
import { type Dataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { type Augmentation, augmentationStream } from "./augment.ts";
import type { BatchSource } from "./batches.ts";
import type { LossOptions } from "./losses/loss.schema.ts";
import { batchesPerEpoch, epochOrder } from "./order.ts";
import { isBetter, type Score, ScoreSum } from "./scores.ts";
import { targetTensor } from "./targets.ts";
import type { Trainer, TrainerState } from "./trainer.ts";

export interface FitPlan {
  readonly loss: LossOptions;
  readonly epochs: number;
  /** Of the order of the batches. */
  readonly seed: number;
  /** Epochs without a better score after which the training ends; undefined: never early. */
  readonly patience: number | undefined;
  /** Of the images that are trained on. */
  readonly augmentation?: Augmentation;
  /** Epochs at the start whose weights are not to be chosen, as while weights still become zero. */
  readonly settling?: number;
}

/** Where a training is, with the best weights so far. */
export interface FitState {
  readonly trainer: TrainerState;
  readonly history: readonly EpochReport[];
  readonly best: { readonly epoch: number; readonly weights: ReadonlyMap<string, Float32Array> } | undefined;
  /** Sum of the losses of the epoch under way. */
  readonly lossSum: number;
}

export interface EpochReport {
  /** Mean loss of the batches of the epoch. */
  readonly trainLoss: number;
  /** On the tuning split, where there is one. */
  readonly tuning: Score | undefined;
}

export interface FitHooks {
  onProgress?(fraction: number): void;
  /** A point of a curve; steps are batches, from 1. */
  onPoint?(
    series: "loss" | "learning rate" | "tuning loss" | "tuning accuracy",
    step: number,
    value: number,
  ): void;
  /** Before the first batch, and where a training goes on from a checkpoint. */
  onBegin?(course: FitCourse): void;
  /** @param epoch from 1 */
  onEpoch?(epoch: number, report: EpochReport): void;
  /** What it is given resumes the training exactly. */
  onCheckpoint?(state: FitState): Promise<void>;
  /** Asked after every batch whether it is time for a checkpoint; without it they are made at the end of each epoch. */
  isCheckpointDue?(steps: number, epochEnds: boolean): boolean;
  readonly signal?: AbortSignal;
}

/** How long a training is, and how far. */
export interface FitCourse {
  readonly epochs: number;
  readonly batchesPerEpoch: number;
  /** Batches done already. */
  readonly done: number;
}

export interface FitResult {
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly history: readonly EpochReport[];
  /** Epoch of the weights, from 1: that of the best score on the tuning split, or the last. */
  readonly epoch: number;
  readonly stoppedEarly: boolean;
}

/** The splits that a training looks at: all of train, and tuning to choose among epochs. Never calibration or test. */
export interface FitRows {
  readonly train: Uint32Array;
  readonly tuning: Uint32Array;
}

/**
 * Rows to train on and to choose by.
 *
 * @throws EngineError "data-mismatch" where the dataset has no train split, or fewer items than a batch
 */
export function fitRows(dataset: Dataset, batch: number): FitRows {
  const train = rowsOf(dataset, "train");
  if (train.length < batch) {
    throw new EngineError(
      "data-mismatch",
      `The train split of "${dataset.manifest.name}" has ${train.length} items, a batch takes ${batch}`,
    );
  }
  return { train, tuning: dataset.splits.tuning };
}

/**
 * Trains for some epochs. Weights, order of batches and scores follow from plan and state alone: a training that goes on
 * from a checkpoint ends with the same bits.
 *
 * @throws EngineError "training-failed"; the signal's reason where it is aborted
 */
export async function fitWeights(
  trainer: Trainer,
  dataset: Dataset,
  source: BatchSource,
  rows: FitRows,
  plan: FitPlan,
  hooks: FitHooks = {},
  from?: FitState,
): Promise<FitResult> {
  const perEpoch = batchesPerEpoch(rows.train.length, source.size);
  const total = perEpoch * plan.epochs;
  const history: EpochReport[] = [...(from?.history ?? [])];
  let best = from?.best;
  let lossSum = from?.lossSum ?? 0;
  if (from !== undefined) trainer.restore(from.trainer);
  const isDue = hooks.isCheckpointDue ?? ((_, epochEnds) => epochEnds);
  const stateNow = (): FitState => ({ trainer: trainer.save(), history: [...history], best, lossSum });
  // A checkpoint of the last epoch may be all that is left of a training that had come to its end.
  let stoppedEarly = history.at(-1)?.tuning !== undefined && hasStalled(plan, history.length, best?.epoch);
  hooks.onBegin?.({ epochs: plan.epochs, batchesPerEpoch: perEpoch, done: trainer.steps });
  for (let epoch = history.length; epoch < plan.epochs && !stoppedEarly; epoch++) {
    const order = epochOrder(rows.train, plan.seed, epoch);
    for (let batch = trainer.steps - epoch * perEpoch; batch < perEpoch; batch++) {
      hooks.signal?.throwIfAborted();
      const picked = order.subarray(batch * source.size, (batch + 1) * source.size);
      const { loss, learningRate } = await trainer.step(feedsOf(trainer, dataset, source, picked, plan));
      lossSum += loss;
      hooks.onPoint?.("loss", trainer.steps, loss);
      hooks.onPoint?.("learning rate", trainer.steps, learningRate);
      hooks.onProgress?.(trainer.steps / total);
      if (batch + 1 < perEpoch && hooks.onCheckpoint !== undefined && isDue(trainer.steps, false))
        await hooks.onCheckpoint(stateNow());
    }
    const tuning = await scoreOf(trainer, dataset, source, rows.tuning, plan.loss);
    const report = { trainLoss: lossSum / perEpoch, tuning };
    history.push(report);
    lossSum = 0;
    if (tuning !== undefined) {
      hooks.onPoint?.("tuning loss", trainer.steps, tuning.loss);
      if (tuning.accuracy !== undefined) hooks.onPoint?.("tuning accuracy", trainer.steps, tuning.accuracy);
      const leader = best && history[best.epoch - 1]?.tuning;
      const settling = plan.settling ?? 0;
      if (epoch >= settling && (leader === undefined || isBetter(tuning, leader)))
        best = { epoch: epoch + 1, weights: trainer.weights() };
      stoppedEarly = hasStalled(plan, epoch + 1, best?.epoch);
    }
    hooks.onEpoch?.(epoch + 1, report);
    if (hooks.onCheckpoint !== undefined && isDue(trainer.steps, true)) await hooks.onCheckpoint(stateNow());
  }
  return {
    weights: best?.weights ?? trainer.weights(),
    history,
    epoch: best?.epoch ?? history.length,
    stoppedEarly: stoppedEarly && history.length < plan.epochs,
  };
}

/** Whether none of the last epochs was better, as many as the patience is. */
function hasStalled({ patience, settling = 0 }: FitPlan, epochs: number, best: number | undefined): boolean {
  return patience !== undefined && epochs - (best ?? settling) >= patience;
}

function feedsOf(
  trainer: Trainer,
  dataset: Dataset,
  source: BatchSource,
  rows: Uint32Array,
  { augmentation, seed }: FitPlan,
) {
  const { target } = trainer.graph;
  const { labels } = dataset;
  const feeds =
    augmentation === undefined
      ? source.feeds(rows)
      : source.augmented(rows, augmentation, augmentationStream(seed, trainer.steps));
  if (target === undefined) return feeds;
  if (labels === undefined)
    throw new EngineError("data-mismatch", `The dataset "${dataset.manifest.name}" has no label`);
  return { ...feeds, [target.name]: targetTensor(labels, rows, target) };
}

/** The score on some rows; undefined where there are none, or no labels. */
export async function scoreOf(
  trainer: Trainer,
  { labels }: Dataset,
  source: BatchSource,
  rows: Uint32Array,
  loss: LossOptions,
): Promise<Score | undefined> {
  if (rows.length === 0 || labels === undefined) return undefined;
  const sum = new ScoreSum(loss, labels);
  for (let at = 0; at < rows.length; at += source.size) {
    const taken = rows.subarray(at, at + source.size);
    // The last batch is filled up with its last item.
    const filled = Uint32Array.from(
      { length: source.size },
      (_, k) => taken[Math.min(k, taken.length - 1)] ?? 0,
    );
    sum.add(await trainer.predict(source.feeds(filled)), source.size, taken);
  }
  return sum.result();
}
