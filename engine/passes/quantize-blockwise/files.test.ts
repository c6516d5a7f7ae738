import { afterAll, describe, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { compressModel } from "../../compress.ts";
import { checkRecipe } from "../../recipes.ts";
import { Comparer } from "../testing/compare.ts";
import { dequantizedModel } from "../testing/dequantize-blocks.ts";
import { loadModel } from "../testing/describe.ts";
import { realModels } from "../testing/real-models.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const present = realModels.filter(({ path }) => sharedData(path) !== undefined);

/** Least cosine with the original's outputs on noise; how many of the files have weights for it. */
const variants = [
  { options: {}, cosine: 0.9, count: 15 },
  { options: { block_size: 32, symmetric: false }, cosine: 0.97, count: 15 },
  { options: { bits: 8 }, cosine: 0.9995, count: 15 },
  { options: { algorithm: "hqq", block_size: 64 }, cosine: 0.97, count: 15 },
];

const sizeOf = (model: Model) => encodeModel(model).reduce((sum, chunk) => sum + chunk.length, 0);

describe.skipIf(present.length === 0)("real models in ONNX Runtime", () => {
  it.each(variants)("$options", { timeout: 60_000 }, async ({ options, cosine, count }) => {
    const recipe = checkRecipe({ name: "blocks", steps: [{ use: "quantize.blockwise", ...options }] });
    const rows: string[] = [];
    let compressed = 0;
    for (const { path, options: feeds } of present) {
      const original = loadModel(sharedData(path) ?? "");
      const { outcome, model } = await compressModel(original, recipe);
      if (outcome === "not-applicable") continue;
      compressed++;
      // Some of the files have faults of their own.
      expect(modelProblems(model).length, path).toBeLessThanOrEqual(modelProblems(original).length);
      const ratio = sizeOf(model) / sizeOf(original);
      expect(ratio, path).toBeLessThan(1);
      const { error, outputs } = await comparer.compare(original, model, feeds);
      expect(error, path).toBeUndefined();
      // The kernels compute what the integers stand for; inputs rounded to int8 add a little.
      const meant = await comparer.compare(dequantizedModel(model), model, feeds);
      expect(meant.error, path).toBeUndefined();
      for (const output of outputs) {
        expect(output.finite, `${path} ${output.name}`).toBe(true);
        expect(output.cosine, `${path} ${output.name}`).toBeGreaterThan(cosine);
      }
      for (const output of meant.outputs) {
        expect(output.cosine, `${path} ${output.name} dequantised`).toBeGreaterThan(0.999);
      }
      const worst = (list: typeof outputs) => Math.min(...list.map((output) => output.cosine)).toFixed(5);
      rows.push(
        `${path} | ×${ratio.toFixed(3)} | cosine ${worst(outputs)}, dequantised ${worst(meant.outputs)}`,
      );
    }
    console.log(`${JSON.stringify(options)}: ${compressed} of ${present.length} models\n${rows.join("\n")}`);
    expect(compressed).toBe(count);
  });
});
