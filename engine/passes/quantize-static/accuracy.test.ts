import { beforeAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "../pass.ts";
import { quantizeStaticSchema } from "../quantize.static.schema.ts";
import { quantizeStatic } from "../quantize.static.ts";
import { loadModel } from "../testing/describe.ts";
import { loadMnist } from "../testing/mnist.ts";

const folder = sharedData("data/datasets/mnist");
const cnn = sharedData("data/onnx/mnist/cnn_max_mninst2.onnx");

describe.skipIf(folder === undefined || cnn === undefined)("MNIST in int8", () => {
  const { calibration, accuracy } = loadMnist(folder ?? "", 2000);
  const source = loadModel(cnn ?? "");
  let before: Promise<number>;
  beforeAll(() => {
    before = accuracy(source);
  });

  it.each(["qdq", "qoperator"] as const)("%s is within half a point of float32", async (format) => {
    const model = cloneStructure(source);
    const step = quantizeStaticSchema.parse({ use: "quantize.static", format });
    const result = await quantizeStatic(model, step, { ...silent, load: loadExecutable, calibration });
    expect(english(result.changed.at(-1)?.what ?? "")).toContain(`300 items of the train split of "mnist"`);
    const after = await accuracy(model);
    console.log(`${format}: float32 ${await before}, int8 ${after}`);
    expect(await before).toBeGreaterThan(0.97);
    expect(after).toBeGreaterThan((await before) - 0.005);
  });

  const all = { smooth_quant: true, equalize: true, bias_correction: true };
  it.each([
    { per_channel: false },
    { per_channel: false, smooth_quant: true },
    { per_channel: false, equalize: true },
    { per_channel: false, bias_correction: true },
    { per_channel: false, ...all },
    { per_channel: true, ...all },
  ])("%o is within half a point of float32", async (options) => {
    const model = cloneStructure(source);
    const step = quantizeStaticSchema.parse({ use: "quantize.static", ...options });
    await quantizeStatic(model, step, { ...silent, load: loadExecutable, calibration });
    const after = await accuracy(model);
    console.log(`${JSON.stringify(options)}: ${after}`);
    expect(after).toBeGreaterThan((await before) - 0.005);
  });
});
