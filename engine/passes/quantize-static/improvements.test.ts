import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "../pass.ts";
import { quantizeStaticSchema } from "../quantize.static.schema.ts";
import { quantizeStatic } from "../quantize.static.ts";
import { loadModel } from "../testing/describe.ts";
import { useComparer } from "./testing/checks.ts";
import { errorsOn } from "./testing/errors.ts";
import { executedOps, expected, known } from "./testing/kernels.ts";
import { randomCalibration } from "./testing/random.ts";
import { rescaled } from "./testing/rescaled.ts";

const { comparer } = useComparer();
const all = { smooth_quant: true, equalize: true, bias_correction: true };

async function quantized(source: Model, options: object, calibration: ReturnType<typeof randomCalibration>) {
  const model = cloneStructure(source);
  const step = quantizeStaticSchema.parse({ use: "quantize.static", ...options });
  const context = { ...silent, load: loadExecutable, calibration };
  return { model, result: await quantizeStatic(model, step, context) };
}

describe.skipIf(known.length === 0)("improvements on real models", () => {
  it.each(known)(
    "$path: the same results in float32, the same kernels in integers",
    async ({ path, options }) => {
      const source = loadModel(sharedData(path) ?? "");
      const { dims, shapes, ranges } = options ?? {};
      const calibration = randomCalibration({ batches: 1, dims, shapes, ranges });
      const done = await rescaled(source, all, calibration);
      const { error, outputs } = await comparer.compare(source, done.model, options);
      expect(error).toBeUndefined();
      for (const { maxAbs, rms, name } of outputs) expect(maxAbs / rms, name).toBeLessThan(1e-3);
      const { model } = await quantized(source, all, calibration);
      const executed = await executedOps(comparer.save(model));
      expect(executed).toMatchObject(expected[path]?.integer ?? {});
      expect([executed.Conv ?? 0, executed.Gemm ?? 0]).toEqual([0, 0]);
    },
  );
});

/** Which part of the error without it may be left at most; those that theory says nothing of have no bound. */
const table: { path: string; per_channel: boolean; bounds?: Record<string, number> }[] = [
  {
    path: "data/onnx/silero-vad/silero_vad_16k_op15.onnx",
    per_channel: true,
    bounds: { bias_correction: 0.7 },
  },
  {
    path: "data/onnx/silero-vad/silero_vad_16k_op15.onnx",
    per_channel: false,
    bounds: { bias_correction: 0.3, equalize: 0.4 },
  },
  { path: "data/onnx/face/version-RFB-320_simplified.onnx", per_channel: false, bounds: { equalize: 0.9 } },
  { path: "data/onnx/mnist/mnist2x10.onnx", per_channel: false },
  { path: "data/onnx/mnist/softmax-last-layer.onnx", per_channel: true },
  { path: "data/torch/torch_cnn_bn.onnx", per_channel: true },
  { path: "data/torch/torch_cnn_bn.onnx", per_channel: false },
  { path: "data/torch/torch_transformer.onnx", per_channel: true },
  { path: "data/huggingface/bert-sentiment/model.onnx", per_channel: true },
];
const measured = table.filter(({ path }) => sharedData(path) !== undefined);

describe.skipIf(measured.length === 0)("errors that the improvements leave, random inputs", () => {
  it.each(measured)("$path, per channel: $per_channel", async ({ path, per_channel, bounds = {} }) => {
    const source = loadModel(sharedData(path) ?? "");
    const { dims, shapes, ranges } = known.find((entry) => entry.path === path)?.options ?? {};
    const batches = path.includes("onnx/face") ? 2 : 16;
    const calibration = randomCalibration({ batches, dims, shapes, ranges });
    const others = randomCalibration({ batches, dims, shapes, ranges, seed: 5000 });
    const errors: Record<string, number> = {};
    for (const name of ["plain", ...Object.keys(all)]) {
      const option = name === "plain" ? {} : { [name]: true };
      const { model } = await quantized(source, { per_channel, ...option }, calibration);
      errors[name] = (await errorsOn(others, source, model)).relative;
      expect(Number.isFinite(errors[name])).toBe(true);
    }
    const shown = Object.entries(errors).map(([name, error]) => `${name} ${error.toFixed(4)}`);
    console.log(`${path}, ${per_channel ? "per channel" : "per tensor"}: ${shown.join(", ")}`);
    for (const [name, bound] of Object.entries(bounds)) {
      expect(errors[name], name).toBeLessThan((errors.plain ?? 0) * bound);
    }
  });
});
