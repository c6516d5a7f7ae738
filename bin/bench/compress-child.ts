import { dirname } from "node:path";
import { compressModel, notApplicableReason } from "#engine/compress.ts";
import { english } from "#engine/english.ts";
import { encodeLazily } from "#engine/onnx/encode.ts";
import { needOf } from "#engine/passes/needs.ts";
import { parseRecipe } from "#engine/recipes.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { FileShelf } from "#engine/runtime/file-shelf.ts";
import { writeFileAtomically } from "#engine/runtime/files.ts";
import { openModel } from "#engine/runtime/model-file.ts";
import { peakResidentBytes } from "#engine/runtime/peak-memory.ts";
import { ThreadPool } from "#engine/runtime/pool.ts";
import { calibrationOf, loadExecutable } from "#engine/runtime/tools.ts";

/** What one compression took, from the file to the file. Printed as JSON. */
export interface CompressionCost {
  readonly outcome: "compressed" | "not-applicable";
  readonly reason: string;
  /** From the opening of the file until the result is on disk. */
  readonly seconds: number;
  /** Highest resident set above that of this process before it opened the file, in MB (10⁶ bytes). */
  readonly peakMegabytes: number;
  readonly steps: readonly { readonly use: string; readonly seconds: number }[];
}

const [model = "", recipeText = "", out = "", data = ""] = process.argv.slice(2);
const recipe = parseRecipe(recipeText);
const idle = process.memoryUsage.rss();
const started = performance.now();
const wantsData = recipe.steps.some((step) => needOf(step) === "calibration data");
const dataset = data !== "" && wantsData ? await loadDatasetFrom(data, { splits: ["train"] }) : undefined;
await using pool = new ThreadPool();
using shelf = new FileShelf(dirname(out));
using opened = openModel(model);
const result = await compressModel(opened.model, recipe, {
  now: () => performance.now(),
  tools: { pool, shelf, load: loadExecutable, ...(dataset && { calibration: calibrationOf(dataset) }) },
});
if (result.outcome === "compressed") await writeFileAtomically(out, encodeLazily(result.model), pool);
const why = notApplicableReason(result);
const cost: CompressionCost = {
  outcome: result.outcome,
  reason: why === undefined ? "" : english(why),
  seconds: (performance.now() - started) / 1000,
  peakMegabytes: (peakResidentBytes() - idle) / 1e6,
  steps: result.steps.map(({ use, seconds = 0 }) => ({ use, seconds })),
};
process.stdout.write(JSON.stringify(cost));
