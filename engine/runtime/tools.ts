import { calibrationRows, type Dataset } from "../evaluate/dataset/dataset.ts";
import { makeFeeds } from "../evaluate/dataset/feeds.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { Model } from "../onnx/model.ts";
import { needOf } from "../passes/needs.ts";
import type { CalibrationData, Executable, PassTools } from "../passes/pass.ts";
import type { TrainingTools } from "../passes/training/tools.ts";
import type { Recipe } from "../recipe.schema.ts";
import { say } from "../say.ts";
import { loadSession } from "./session.ts";
import { openTrainingStep } from "./training-step.ts";

/** Items that are looked at where a recipe does not say how many: what is customary for static quantisation. */
const calibrationItems = 300;
const batchSize = 10;

/**
 * Loads a graph as it is written, without any optimisation: inner values can be asked for by making them outputs.
 *
 * @throws EngineError "runtime-refused"
 */
export function loadExecutable(model: Model): Promise<Executable> {
  return loadSession(Buffer.concat(encodeModel(model)), { optimization: "disabled" });
}

/**
 * Items of a dataset to calibrate on: its calibration split, or else evenly spaced ones of train.
 *
 * @throws EngineError "data-mismatch" where the dataset has neither
 */
export function calibrationOf(dataset: Dataset, count = calibrationItems): CalibrationData {
  const { rows, split } = calibrationRows(dataset, count);
  return {
    items: rows.length,
    description: say("common.items", { count: rows.length, split, dataset: dataset.manifest.name }),
    batches: (signature) => makeFeeds(dataset, signature, rows, batchSize),
  };
}

/** What a training may take of the memory that is free when it starts: other processes want some of it, too. */
const memoryShare = 0.8;

/** What `trainingOf` is told beside the data. */
export interface TrainingExtras
  extends Omit<TrainingTools, "dataset" | "open" | "availableBytes" | "teacher"> {
  readonly teacher?: Model;
  /** The most that this process may take in all; undefined where the machine alone bounds it. */
  readonly memoryBytes?: number | undefined;
}

/** Items to train on, and what executes a step: those of the train split, and of the tuning split to choose by. */
export function trainingOf(dataset: Dataset, more: TrainingExtras = {}): TrainingTools {
  const { memoryBytes = Number.POSITIVE_INFINITY, ...tools } = more;
  const room = Math.min(process.availableMemory(), memoryBytes - process.memoryUsage.rss());
  const availableBytes = memoryShare * Math.max(0, room);
  return { teacher: undefined, ...tools, dataset, open: openTrainingStep, availableBytes };
}

/** What the steps of a recipe get of a dataset: items to calibrate on, to train on, or both. */
export function dataTools(
  dataset: Dataset,
  { steps }: Pick<Recipe, "steps">,
  more: TrainingExtras = {},
): Partial<Pick<PassTools, "calibration" | "training">> {
  const needed = new Set(steps.map(needOf));
  return {
    ...(needed.has("calibration data") && { calibration: calibrationOf(dataset) }),
    ...(needed.has("training data") && { training: trainingOf(dataset, more) }),
  };
}
