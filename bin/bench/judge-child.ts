import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { evaluateModel } from "#engine/runtime/evaluate-model.ts";
import { openModel } from "#engine/runtime/model-file.ts";

/** Measures a model against its original. Prints the measurements as JSON. */
const [candidate = "", original = "", data = ""] = process.argv.slice(2);
const open = (path: string) => ({ path, ...openModel(path) });
const measurements: readonly Measurement[] = await evaluateModel({
  candidate: open(candidate),
  against: open(original),
  dataset: data === "" ? undefined : await loadDatasetFrom(data, { splits: ["test"] }),
  performance: false,
  engineVersion: "results",
  seed: 0,
});
process.stdout.write(JSON.stringify(measurements));
