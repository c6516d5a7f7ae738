import { say } from "#engine/say.ts";
import { type AsyncPass, notApplicable } from "./pass.ts";
import type { TrainFinetuneOptions } from "./train.finetune.schema.ts";
import { heldOf, projection } from "./training/held.ts";
import { noBetter, putWeights, tensorChanges, trainingChanges, trainingWarnings } from "./training/report.ts";
import { retrain } from "./training/retrain.ts";

/**
 * Trains a model on: its weights go on from where they are, on the train split, and the best epoch on the tuning split is
 * kept. Zeros of pruned weights and shared values of clustered ones stay. See docs/engine/train.finetune.md.
 */
export const trainFinetune: AsyncPass<TrainFinetuneOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const held = heldOf(model, options);
  const project = projection(held);
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
};
