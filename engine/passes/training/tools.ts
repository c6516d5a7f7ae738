import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { EpochReport, FitCourse } from "#engine/train/fit.ts";
import type { OpenStep } from "#engine/train/step.ts";

/** The curves that a training draws as it goes. */
export type CurveName = "loss" | "learning rate" | "tuning loss" | "tuning accuracy" | "zeros";

/** Keeps what a training needs to go on where it was when its process ended. */
export interface Checkpoints {
  /** The latest one that was kept; undefined where there is none. */
  load(): Promise<Uint8Array | undefined>;
  /** Takes the place of the one before, whole or not at all. */
  save(parts: readonly Uint8Array[]): Promise<void>;
  /** Asked after every batch whether it is time for one; without it they are made at the end of each epoch. */
  isDue?(): boolean;
}

/** What techniques that train get beside the model. */
export interface TrainingTools {
  /** With its train and tuning splits; those of calibration and test are never looked at. */
  readonly dataset: Dataset;
  readonly open: OpenStep;
  /** Bytes that a training may take beside the process as it is. */
  readonly availableBytes: number;
  /** The model that another one learns from, where it is not the one that the recipe began with. */
  readonly teacher: Model | undefined;
  /** @param step batches done, from 1 */
  onPoint?(curve: CurveName, step: number, value: number): void;
  /** Before the first batch, and where a training goes on from a checkpoint. */
  onBegin?(course: FitCourse): void;
  /** @param epoch from 1 */
  onEpoch?(epoch: number, report: EpochReport): void;
  readonly signal?: AbortSignal;
  /** @param key tells the trainings of one run apart */
  checkpoints?(key: string): Checkpoints;
  /**
   * What one step of a recipe gets in place of what stands here, so that its curves and checkpoints are told apart from
   * those of others.
   *
   * @param at its place, from 0
   */
  forStep?(at: number, use: string): TrainingWatch;
}

/** Who looks on while a step trains. */
export type TrainingWatch = Pick<TrainingTools, "onPoint" | "onBegin" | "onEpoch" | "checkpoints">;
