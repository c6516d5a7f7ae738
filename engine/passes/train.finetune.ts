import { EngineError } from "#engine/error.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { say } from "#engine/say.ts";
import { trainableTensors } from "#engine/train/graph/parameters.ts";
import { type AsyncPass, notApplicable } from "./pass.ts";
import type { TrainFinetuneOptions } from "./train.finetune.schema.ts";
import { groupsOf, masksOf, projection } from "./training/held.ts";
import {
  noBetter,
  putWeights,
  tensorChanges,
  trainingChanges,
  trainingWarnings,
  untrainable,
} from "./training/report.ts";
import { retrain } from "./training/retrain.ts";

/**
 * Trains a model on: its weights go on from where they are, on the train split, and the best epoch on the tuning split is
 * kept. Zeros of pruned weights and shared values of clustered ones stay. See docs/engine/train.finetune.md.
 */
export const trainFinetune: AsyncPass<TrainFinetuneOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const { trainable } = trainableTensors(model, options.freeze);
  const weights = new Map(trainable.map(({ name, tensor }) => [name, readFloats(tensor)]));
  const held = {
    masks: options.keep_zeros ? masksOf(weights) : new Map<string, Float32Array>(),
    groups: options.keep_shared ? groupsOf(weights) : new Map<string, Int32Array>(),
  };
  const project = projection(held);
  try {
    const order = { model, options, masks: held.masks, trainer: () => ({ ...(project && { project }) }) };
    const retrained = await retrain(order, training, context);
    const useless = noBetter(retrained);
    if (useless !== undefined) return useless;
    putWeights(model, retrained.weights);
    return {
      changed: [...trainingChanges(retrained), ...tensorChanges(retrained, held)],
      skipped: [],
      warnings: trainingWarnings(options, retrained),
    };
  } catch (error) {
    if (error instanceof EngineError && error.code === "not-differentiable") return untrainable(error);
    throw error;
  }
};
