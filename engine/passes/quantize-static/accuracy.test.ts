import { describe, expect, it } from "vitest";
import { loadDataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { openFolder } from "#engine/runtime/dataset-files.ts";
import { predict } from "#engine/runtime/predict.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { calibrationOf, loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { cloneStructure } from "../clone.ts";
import { silent } from "../pass.ts";
import { quantizeStaticSchema } from "../quantize.static.schema.ts";
import { quantizeStatic } from "../quantize.static.ts";
import { loadModel } from "../testing/describe.ts";

const folder = sharedData("data/datasets/mnist");
const cnn = sharedData("data/onnx/mnist/cnn_max_mninst2.onnx");
const items = 2000;

const manifest = parseManifest(
  JSON.stringify({
    name: "mnist",
    task: "classification",
    splits: {
      train: { images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" },
      test: { images: "t10k-images-idx3-ubyte.gz", labels: "t10k-labels-idx1-ubyte.gz" },
    },
    inputs: [{ to: 0, from: "images", shape: [28, 28, 1], dtype: "float32", scale: 0.00392156862745098 }],
    label: { from: "labels" },
  }),
);

describe.skipIf(folder === undefined || cnn === undefined)("MNIST in int8", () => {
  const dataset = loadDataset(manifest, openFolder(folder ?? ""));
  const rows = rowsOf(dataset, "test").slice(0, items);
  const source = loadModel(cnn ?? "");

  async function accuracy(model: Model): Promise<number> {
    const session = await loadSession(Buffer.concat(encodeModel(model)));
    const [scores] = (await predict(session, dataset, rows)).values();
    await session.release();
    let right = 0;
    for (const [item, row] of rows.entries()) {
      const own = [...(scores?.values.subarray(item * 10, item * 10 + 10) ?? [])];
      if (own.indexOf(Math.max(...own)) === dataset.labels?.values[row]) right++;
    }
    return right / items;
  }

  it.each(["qdq", "qoperator"] as const)("%s is within half a point of float32", async (format) => {
    const model = cloneStructure(source);
    const step = quantizeStaticSchema.parse({ use: "quantize.static", format });
    const context = { ...silent, load: loadExecutable, calibration: calibrationOf(dataset) };
    const result = await quantizeStatic(model, step, context);
    expect(result.changed.at(-1)?.what).toContain(`300 items of the train split of "mnist"`);
    const [before, after] = [await accuracy(source), await accuracy(model)];
    console.log(`${format}: float32 ${before}, int8 ${after}`);
    expect(before).toBeGreaterThan(0.97);
    expect(after).toBeGreaterThan(before - 0.005);
  });
});
