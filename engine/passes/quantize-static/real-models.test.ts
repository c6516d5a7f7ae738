import { afterAll, describe, expect, it } from "vitest";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { optimizedModel } from "#engine/runtime/optimized-model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { cloneStructure } from "../clone.ts";
import { silent } from "../pass.ts";
import { quantizeStaticSchema } from "../quantize.static.schema.ts";
import { quantizeStatic } from "../quantize.static.ts";
import { opTypes } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";
import { realModels } from "../testing/real-models.ts";
import { randomCalibration } from "./testing/random.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** Products with weights in integers, and what they are fused to, after ONNX Runtime's optimisation; cosine at least. */
const expected: Record<string, { integer: Record<string, number>; cosine: number }> = {
  "data/onnx/mnist/cnn_max_mninst2.onnx": { integer: { QLinearConv: 2, QLinearMatMul: 2 }, cosine: 0.998 },
  "data/onnx/mnist/mnist2x10.onnx": { integer: { QGemm: 3 }, cosine: 0.995 },
  "data/onnx/mnist/softmax-last-layer.onnx": { integer: { QGemm: 3 }, cosine: 0.999 },
  "data/onnx/gonnx/ndm.onnx": { integer: { QGemm: 3 }, cosine: 0.999 },
  "data/onnx/magika-fast-v2_1/model.onnx": { integer: { QLinearConv: 1, QLinearMatMul: 2 }, cosine: 0.998 },
  "data/onnx/silero-vad/silero_vad_16k_op15.onnx": { integer: { QLinearConv: 6 }, cosine: 0.98 },
  "data/onnx/traffic-sign/model-german-traffic-sign-fast.onnx": {
    integer: { QLinearConv: 2, QLinearMatMul: 2 },
    cosine: 0.98,
  },
  "data/onnx/traffic-sign/traffic-classifier64.onnx": {
    integer: { QLinearConv: 2, QLinearMatMul: 3 },
    cosine: 0.999,
  },
  "data/onnx/face/version-RFB-320_simplified.onnx": { integer: { QLinearConv: 52 }, cosine: 0.998 },
  "data/onnx/face/version-slim-320.onnx": { integer: { QLinearConv: 42 }, cosine: 0.999 },
  "data/onnx/tiny-random-gpt2/fp32/past.onnx": { integer: { QLinearMatMul: 16 }, cosine: 0.995 },
  "data/torch/torch_cnn_bn.onnx": { integer: { QLinearConv: 2, QGemm: 2 }, cosine: 0.999 },
  "data/torch/torch_lstm.onnx": { integer: { QGemm: 1 }, cosine: 0.999 },
  "data/torch/torch_mf.onnx": { integer: {}, cosine: 0.999 },
  "data/torch/torch_transformer.onnx": { integer: { QLinearMatMul: 12, QGemm: 1 }, cosine: 0.98 },
  "data/huggingface/bert-sentiment/model.onnx": { integer: { QLinearMatMul: 16, QGemm: 2 }, cosine: 0.999 },
};
const known = realModels.filter(({ path }) => path in expected && sharedData(path) !== undefined);

function bytes(model: Model): number {
  return encodeModel(model).reduce((sum, chunk) => sum + chunk.length, 0);
}

function count(model: Model): Record<string, number> {
  const found: Record<string, number> = {};
  for (const op of opTypes(model.graph)) found[op] = (found[op] ?? 0) + 1;
  return found;
}

describe.skipIf(known.length === 0)("real models in integers", () => {
  for (const format of ["qdq", "qoperator"] as const) {
    it.each(known)(`${format}: $path`, async ({ path, options }) => {
      const source = loadModel(sharedData(path) ?? "");
      const model = cloneStructure(source);
      const { integer, cosine } = expected[path] ?? { integer: {}, cosine: 1 };
      const { dims, shapes, ranges } = options ?? {};
      const calibration = randomCalibration({ batches: 2, dims, shapes, ranges });
      const step = quantizeStaticSchema.parse({ use: "quantize.static", format });
      const result = await quantizeStatic(model, step, { ...silent, load: loadExecutable, calibration });
      expect(result.changed.length).toBeGreaterThan(1);
      if (!path.includes("traffic-classifier")) expect(bytes(model)).toBeLessThan(bytes(source));
      const { error, outputs } = await comparer.compare(source, model, options);
      expect(error).toBeUndefined();
      for (const output of outputs) {
        expect(output.finite).toBe(true);
        expect(output.cosine, output.name).toBeGreaterThan(cosine);
      }
      // What ONNX Runtime executes: no pair is left around a product that has an integer kernel.
      const executed = count(decodeModel(await optimizedModel(comparer.save(model))));
      expect(executed).toMatchObject(integer);
      expect(executed.Conv ?? 0).toBe(0);
      expect(executed.Gemm ?? 0).toBe(0);
    });
  }

  it("covers the models that have weights to quantise", () => {
    console.log(`static quantisation: ${known.length} real models in two formats`);
    expect(known.length).toBe(Object.keys(expected).length);
  });

  it.each(["data/onnx/gonnx/gru.onnx", "data/onnx/gonnx/scaler.onnx"])(
    "%s has nothing to quantise",
    async (path) => {
      const model = cloneStructure(loadModel(sharedData(path) ?? ""));
      const step = quantizeStaticSchema.parse({ use: "quantize.static" });
      const context = { ...silent, load: loadExecutable, calibration: randomCalibration() };
      const { changed, skipped } = await quantizeStatic(model, step, context);
      expect(changed).toEqual([]);
      expect(skipped[0]?.reason).toContain("no node that can be quantised has a float32 weight");
    },
  );
});
