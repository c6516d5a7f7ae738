import { join } from "node:path";
import { needOf } from "#engine/passes/needs.ts";
import { parseRecipe } from "#engine/recipes.ts";
import { childOutput, compressInChild } from "./children.ts";
import type { InferenceCost } from "./inference-child.ts";
import { tableOf } from "./table.ts";
import type { BenchRecipe } from "./techniques.ts";

export interface CalibratedLine {
  readonly name: string;
  readonly itemsPerSecond: number;
  readonly inferencePerSecond: number;
}

/** Each calibrated technique's items per second beside those of plain inference on the same items. */
export async function benchCalibrated(
  model: string,
  data: string,
  folder: string,
  recipes: readonly BenchRecipe[],
): Promise<CalibratedLine[]> {
  const lines: CalibratedLine[] = [];
  for (const { name, recipe } of recipes) {
    const parsed = parseRecipe(JSON.stringify(recipe));
    const [step, ...others] = parsed.steps;
    if (step === undefined || others.length > 0 || needOf(step) !== "calibration data") continue;
    const plain = await childOutput("inference-child.ts", [model, data]);
    const cost = await compressInChild(model, recipe, join(folder, "calibrated.onnx"), data);
    if ("failed" in plain || "failed" in cost || cost.outcome !== "compressed") continue;
    const { items, seconds } = JSON.parse(plain.text) as InferenceCost;
    const taken = cost.steps[0]?.seconds ?? Number.NaN;
    lines.push({ name, itemsPerSecond: items / taken, inferencePerSecond: items / seconds });
  }
  return lines;
}

export function calibratedSection(model: string, lines: readonly CalibratedLine[]): string {
  return [
    `## Calibrated techniques on ${model}`,
    "",
    "Items a second of the whole step (calibration, search and rewriting) beside those of ONNX Runtime's plain inference over the same items in the same batches, with all its optimisations; calibration must run without them, because it looks at inner values.",
    "",
    tableOf(
      ["technique", "items a second", "plain inference", "of it"],
      lines.map(({ name, itemsPerSecond, inferencePerSecond }) => [
        name,
        itemsPerSecond.toFixed(0),
        inferencePerSecond.toFixed(0),
        `${((itemsPerSecond / inferencePerSecond) * 100).toFixed(1)} %`,
      ]),
    ),
    "",
  ].join("\n");
}
