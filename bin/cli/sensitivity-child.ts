import { english } from "#engine/english.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { reportInEnglish } from "#engine/passes/in-english.ts";
import { madeUpData } from "#engine/passes/sensitivity/made-up.ts";
import { scanSensitivity } from "#engine/passes/sensitivity.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { calibrationOf, loadExecutable } from "#engine/runtime/tools.ts";
import { atPath, loadModel } from "./load.ts";
import type { Sensitivity, SensitivityRequest } from "./sensitivity.ts";
import { serve } from "./serve.ts";

/** Inputs that are made up where there is no dataset. */
const madeUpItems = 32;

/** The process that runs the pruned variants for `sensitivity`. */
serve<SensitivityRequest, Sensitivity>(async ({ model: path, data, sparsities, protect }, report) => {
  using loaded = await loadModel(path);
  const items =
    data === undefined
      ? madeUpData(loaded.model.graph, 0, madeUpItems)
      : await atPath(data, async () =>
          calibrationOf(await loadDatasetFrom(data, { splits: ["calibration", "train"] })),
        );
  return await atPath(path, async () => {
    validateModel(loaded.model);
    const scan = await scanSensitivity(loaded.model, loadExecutable, items, {
      ...(sparsities && { sparsities }),
      protect,
      onProgress: (share) => report("pruning one tensor at a time", share),
    });
    const { skipped } = reportInEnglish({ changed: [], skipped: scan.skipped });
    return { ...scan, skipped, inputs: english(items.description) };
  });
});
