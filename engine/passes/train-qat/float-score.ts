import type { Model } from "#engine/onnx/model.ts";
import { BatchSource } from "#engine/train/batches.ts";
import { scoreOf } from "#engine/train/fit.ts";
import { evaluationGraph } from "#engine/train/graph/training-graph.ts";
import type { Score } from "#engine/train/scores.ts";
import type { PassTools } from "../pass.ts";
import { labelsOf, lossOf } from "../training/loss.ts";
import type { TrainingOptions } from "../training/options.schema.ts";
import { signatureOf } from "../training/signature.ts";
import type { TrainingTools } from "../training/tools.ts";

/**
 * How good a model is on the tuning split before it is quantised, by the measure of its training.
 *
 * @returns undefined where there is no tuning split
 * @throws EngineError "not-differentiable", "data-mismatch", "runtime-refused"
 */
export async function floatScore(
  model: Model,
  options: TrainingOptions,
  { dataset }: TrainingTools,
  load: NonNullable<PassTools["load"]>,
): Promise<Score | undefined> {
  const { tuning } = dataset.splits;
  if (tuning.length === 0) return undefined;
  const loss = lossOf(options, labelsOf(dataset));
  const source = new BatchSource(
    dataset,
    signatureOf(model),
    tuning,
    Math.min(options.batch_size, tuning.length),
  );
  const evaluation = evaluationGraph(model, { inputDims: source.inputDims, loss });
  const executable = await load(evaluation.model);
  try {
    const predict = async (feeds: Parameters<typeof executable.run>[0]) => {
      const said = (await executable.run(feeds))[evaluation.prediction]?.data;
      return said instanceof Float32Array ? said : new Float32Array();
    };
    return await scoreOf({ predict }, dataset, source, tuning, loss);
  } finally {
    await executable.release();
  }
}
