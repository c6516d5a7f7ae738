import { english } from "#engine/english.ts";
import { datasetRemarks } from "#engine/evaluate/dataset/remarks.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { evaluateModel } from "#engine/runtime/evaluate-model.ts";
import type { Evaluation, EvaluationRequest } from "./evaluate.ts";
import { atPath, loadModel } from "./load.ts";
import { serve } from "./serve.ts";

/** The process that runs the models for `evaluate`. */
serve<EvaluationRequest, Evaluation>(async ({ model, against, data, performance }, onProgress) => {
  using candidate = await loadModel(model);
  using original = against === undefined ? null : await loadModel(against);
  const dataset = data === undefined ? undefined : await atPath(data, () => loadDatasetFrom(data));
  const warnings = dataset === undefined ? [] : datasetRemarks(dataset).map(english);
  const measurements = await evaluateModel({
    candidate,
    against: original ?? undefined,
    dataset,
    performance,
    engineVersion,
    seed: 0,
    onProgress,
    onWarning: (warning) => warnings.push(warning),
  });
  return { measurements, warnings };
});
