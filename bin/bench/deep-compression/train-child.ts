import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compressModel } from "#engine/compress.ts";
import { encodeDeep } from "#engine/deep/encode.ts";
import { english } from "#engine/english.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { Checkpoints } from "#engine/passes/training/tools.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { parseRecipe } from "#engine/recipes.ts";
import { dataTools, loadExecutable } from "#engine/runtime/tools.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { mnistSplits } from "./dataset.ts";
import { files, type TrainRequest } from "./request.ts";

/**
 * Every step on its own, kept under what led to it: the network, the seed and all steps up to it. A step that learns from
 * a teacher gets the model that the recipe began with, as where a recipe is run whole.
 */
async function apply(
  model: Model,
  recipe: Recipe,
  dataset: Dataset,
  folder: string,
  before: string,
): Promise<Model> {
  let current = model;
  let history = before;
  for (const step of recipe.steps) {
    history += JSON.stringify(step);
    const key = createHash("sha256").update(history).digest("hex").slice(0, 16);
    const kept = join(folder, `${key}.onnx`);
    if (existsSync(kept)) {
      current = decodeModel(readFileSync(kept));
      continue;
    }
    const single = { ...recipe, steps: [step] };
    const training = { checkpoints: () => checkpointsAt(join(folder, `${key}.checkpoint`)), teacher: model };
    const tools = { load: loadExecutable, ...dataTools(dataset, single, training) };
    const started = performance.now();
    const made = await compressModel(current, single, { tools });
    const [report] = made.steps;
    const what = report?.changed.find(({ name, what }) => name === "model" && /tuning/.test(english(what)));
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stderr.write(`    ${step.use} ${seconds} s ${what === undefined ? "" : english(what.what)}\n`);
    current = made.model;
    save(kept, joinChunks(encodeModel(current)));
  }
  return current;
}

function checkpointsAt(path: string): Checkpoints {
  return {
    load: async () => (existsSync(path) ? readFileSync(path) : undefined),
    save: async (parts) => save(path, Buffer.concat(parts)),
  };
}

/** Whole or not at all. */
function save(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
}

const request = JSON.parse(process.argv[2] ?? "") as TrainRequest;
const { seed, folder, items } = request;
const whole = mnistSplits(request.mnist, ["train", "tuning"]);
const { splits } = whole;
const dataset = { ...whole, splits: { ...splits, train: splits.train.slice(0, items) } };
const architecture = architectureSchema.parse(request.architecture);
const untrained = buildArchitecture(architecture, seed);
const start = JSON.stringify({ architecture, seed, items: dataset.splits.train.length });
const baselineRecipe = { ...parseRecipe(request.baseline), seed };
const baseline = await apply(untrained, baselineRecipe, dataset, folder, start);
save(join(folder, files.baseline), joinChunks(encodeModel(baseline)));
const led = start + baselineRecipe.steps.map((step) => JSON.stringify(step)).join("");
const compressed = await apply(baseline, { ...parseRecipe(request.recipe), seed }, dataset, folder, led);
save(join(folder, files.deep), joinChunks(encodeDeep(joinChunks(encodeModel(compressed)))));
