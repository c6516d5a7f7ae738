import { EngineError } from "#engine/error.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { evaluateModel } from "#engine/runtime/evaluate-model.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./evaluate.ts";
import { atPath, loadModel } from "./load.ts";

/** The process that runs the models for `evaluate`. */
process.on("disconnect", () => process.exit(1));

const say = (answer: EvaluationAnswer) =>
  new Promise<void>((resolve) => process.send?.(answer, undefined, {}, () => resolve()));

async function perform({ model, against, data, performance }: EvaluationRequest): Promise<EvaluationAnswer> {
  const warnings: string[] = [];
  using candidate = await loadModel(model);
  using original = against === undefined ? null : await loadModel(against);
  const measurements = await evaluateModel({
    candidate,
    against: original ?? undefined,
    dataset: data === undefined ? undefined : await atPath(data, async () => loadDatasetFrom(data)),
    performance,
    engineVersion,
    seed: 0,
    onProgress: (stage, share) => void say({ progress: { stage, share } }),
    onWarning: (warning) => warnings.push(warning),
  });
  return { measurements, warnings };
}

function failure(error: unknown): EvaluationAnswer {
  if (error instanceof EngineError) {
    const { code, detail, place } = error;
    return { failed: { message: detail, code, place } };
  }
  return { failed: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
}

process.once("message", async (request: EvaluationRequest) => {
  await say(await perform(request).catch(failure));
  process.exit(0);
});
