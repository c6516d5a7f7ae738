import { calibrationRows, type Dataset } from "../evaluate/dataset/dataset.ts";
import { makeFeeds } from "../evaluate/dataset/feeds.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { Model } from "../onnx/model.ts";
import type { CalibrationData, Executable } from "../passes/pass.ts";
import { say } from "../say.ts";
import { loadSession } from "./session.ts";

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
