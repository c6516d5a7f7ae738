import { rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import type { Model } from "#engine/onnx/model.ts";
import { isRemark, say } from "#engine/say.ts";
import { type AsyncPass, notApplicable, type PassContext, type PassResult } from "./pass.ts";
import type { TrainDistillOptions } from "./train.distill.schema.ts";
import { besideOf } from "./train-distill/beside.ts";
import { type Lessons, prepareLessons } from "./train-distill/lessons.ts";
import { type Pair, pairUp } from "./train-distill/pair.ts";
import { builtChange, ownPart, taughtChanges, teacherWarnings } from "./train-distill/report.ts";
import { heldOf, projection } from "./training/held.ts";
import { noBetter, putWeights, tensorChanges, trainingChanges, trainingWarnings } from "./training/report.ts";
import { retrain } from "./training/retrain.ts";
import type { TrainingTools } from "./training/tools.ts";

/**
 * Trains a student on labels and on what a teacher says of the same items: the model as it reaches this step, or a new
 * network in its place. The best epoch on the tuning split is kept. See docs/engine/train.distill.md.
 */
export const trainDistill: AsyncPass<TrainDistillOptions> = async (model, options, context) => {
  const { training } = context;
  if (training === undefined) return notApplicable(say("training.needsData"));
  const pair = await pairUp(model, options, context, training);
  if (isRemark(pair)) return notApplicable(pair);
  try {
    return await teach(pair, model, options, training, context);
  } finally {
    await pair.teacher.release();
  }
};

async function teach(
  pair: Pair,
  model: Model,
  options: TrainDistillOptions,
  training: TrainingTools,
  context: PassContext,
): Promise<PassResult> {
  const { student, matched, teacher, loss } = pair;
  // A forward pass over the items beside one forward and backward in each epoch, which take about three.
  const share = options.alpha === 0 && options.hidden.length === 0 ? 0 : 1 / (1 + 3 * options.epochs);
  const score = await teacher.score(training.dataset.splits.tuning, options.batch_size, training.signal);
  const lessons = await lessonsOf(pair, options, training, {
    ...context,
    onProgress: (fraction) => context.onProgress(share * fraction),
  });
  const held = heldOf(student.model, options);
  const project = projection(held);
  const beside = besideOf(loss, options, matched.losses, lessons);
  const retrained = await retrain(
    {
      model: matched.model,
      options,
      masks: held.masks,
      trainer: () => ({ ...(project && { project }) }),
      ...(beside && { beside }),
    },
    { ...training, availableBytes: training.availableBytes - lessons.bytes - pair.teacherBytes },
    { ...context, onProgress: (fraction) => context.onProgress(share + (1 - share) * fraction) },
  );
  const useless = noBetter(retrained);
  const warnings = teacherWarnings(pair.isSame, score, retrained);
  if (useless !== undefined) return { ...useless, warnings: [...useless.warnings, ...warnings] };
  const own = ownPart(retrained, student.model);
  const built = options.student ? [builtChange(options.student.kind, student.model, model)] : [];
  putWeights(student.model, retrained.weights);
  takePlace(model, student.model);
  return {
    changed: [
      ...built,
      ...trainingChanges(own),
      ...taughtChanges(options, loss, score),
      ...matched.changes,
      ...tensorChanges(own, held),
    ],
    skipped: [],
    warnings: [...student.warnings, ...warnings, ...trainingWarnings(options, retrained)],
  };
}

/** What the teacher says of the items to train on; nothing where it has no part in the loss. */
async function lessonsOf(
  { teacher }: Pair,
  { alpha, hidden, batch_size, shift, flip }: TrainDistillOptions,
  { dataset, signal }: TrainingTools,
  { seed, onProgress }: Pick<PassContext, "seed" | "onProgress">,
): Promise<Lessons> {
  if (alpha === 0 && hidden.length === 0) return { bytes: 0, targets: async () => [] };
  const rows = rowsOf(dataset, "train");
  const size = Math.min(batch_size, rows.length);
  const augmentation = shift > 0 || flip ? { shift, flip } : undefined;
  return await prepareLessons(teacher, { dataset, rows, size, augmentation, seed, signal, onProgress });
}

/** Puts a student where the model was; the name and the notes of the file stay. */
function takePlace(model: Model, student: Model): void {
  if (student === model) return;
  model.graph = student.graph;
  model.opsetImport = student.opsetImport;
  model.irVersion = student.irVersion;
  delete model.functions;
}
