import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { OpenStep } from "#engine/train/step.ts";
import type { Executable } from "../pass.ts";

/** The curves that a training draws as it goes. */
export type CurveName = "loss" | "learning rate" | "tuning loss" | "tuning accuracy" | "zeros";

/** Keeps what a training needs to go on where it was when its process ended. */
export interface Checkpoints {
  /** The latest one that was kept; undefined where there is none. */
  load(): Promise<Uint8Array | undefined>;
  /** Takes the place of the one before, whole or not at all. */
  save(parts: readonly Uint8Array[]): Promise<void>;
}

/** What techniques that train get beside the model. */
export interface TrainingTools {
  /** With its train and tuning splits; those of calibration and test are never looked at. */
  readonly dataset: Dataset;
  readonly open: OpenStep;
  /**
   * Loads a model that is executed and not trained, with every optimisation of the runtime.
   *
   * @throws EngineError "runtime-refused"
   */
  readonly execute: (model: Model) => Promise<Executable>;
  /** Bytes that a training may take beside the process as it is. */
  readonly availableBytes: number;
  /** The model that another one learns from, where it is not the one that the recipe began with. */
  readonly teacher: Model | undefined;
  /** @param step batches done, from 1 */
  onPoint?(curve: CurveName, step: number, value: number): void;
  readonly signal?: AbortSignal;
  /** @param key tells the trainings of one run apart */
  checkpoints?(key: string): Checkpoints;
}
