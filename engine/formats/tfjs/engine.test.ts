import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "#engine/onnx/model.ts";
import { endure } from "#engine/testing/hostile/endure.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { trainingGraph } from "#engine/train/graph/training-graph.ts";
import { lossSchema } from "#engine/train/losses/loss.schema.ts";
import { filesOf } from "../source.ts";
import { convertTensorflowJs } from "./convert.ts";
import { converted } from "./testing/compare.ts";
import { chain } from "./testing/sequential.ts";

const { layers } = tf;
const folder = sharedData("data/tfjs");

beforeAll(async () => {
  await tf.setBackend("cpu");
});

function modelIn(name: string): Model {
  const path = join(folder ?? "", name);
  const files = readdirSync(path).map((file) => [file, new Uint8Array(readFileSync(join(path, file)))]);
  return convertTensorflowJs(filesOf(Object.fromEntries(files))).model;
}

/** Tensors that get a gradient when the model is trained on batches of this shape. */
function trained(model: Model, dims: number[], kind: string): number {
  const inputDims = new Map([[model.graph.input[0]?.name ?? "", dims]]);
  return trainingGraph(model, { inputDims, loss: lossSchema.parse({ kind }) }).gradients.size;
}

describe("what the engine does with converted layers", () => {
  it("trains through those of images", async () => {
    const model = chain(
      [8, 8, 3],
      layers.zeroPadding2d(),
      layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu6" }),
      layers.batchNormalization(),
      layers.upSampling2d({}),
      layers.depthwiseConv2d({ kernelSize: 3, activation: "swish" }),
      layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 }),
      layers.upSampling2d({ interpolation: "bilinear" }),
      layers.prelu({ sharedAxes: [1, 2] }),
      layers.layerNormalization(),
      layers.averagePooling2d({}),
      layers.cropping2D({
        cropping: [
          [1, 1],
          [1, 1],
        ],
      }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 3, activation: "softmax" }),
    );
    // Of the 16 weights two are statistics.
    expect(trained(await converted(model), [2, 8, 8, 3], "cross-entropy")).toBe(model.weights.length - 2);
  });

  it("trains through those of sequences", async () => {
    const lstm = layers.lstm({ units: 3, recurrentActivation: "sigmoid", returnSequences: true });
    const model = chain(
      [5, 4],
      layers.bidirectional({ layer: lstm as tf.RNN }),
      layers.timeDistributed({ layer: layers.dense({ units: 3 }) }),
      layers.gru({ units: 3, recurrentActivation: "sigmoid" }),
      layers.dense({ units: 2 }),
    );
    expect(trained(await converted(model), [2, 5, 4], "mse")).toBe(model.weights.length);
  });
});

describe.skipIf(folder === undefined)("what the engine does with models that others published", () => {
  it.each([
    { name: "cnn-layers", input: [4, 40, 40, 3], weights: 11, kind: "cross-entropy" },
    { name: "mobilenetv2-layers", input: [1, 224, 224, 3], weights: 162, kind: "cross-entropy" },
    // Single numbers are no weights to the engine: here the bias.
    { name: "rn-dense-graph", input: [4, 10], weights: 1, kind: "mse" },
    { name: "magika-v1-graph", input: [4, 1536], weights: 12, kind: "cross-entropy" },
  ])("trains $name", ({ name, input, weights, kind }) => {
    expect(trained(modelIn(name), input, kind)).toBe(weights);
  });

  it.each(["cnn-layers", "gru-layers", "rn-dense-graph"])(
    "takes %s through every technique",
    async (name) => {
      const { outcomes } = await endure(modelIn(name));
      // Those that execute the graph find a runtime that refuses everything.
      const failed = Object.entries(outcomes).filter(
        ([, code]) => code !== "ok" && code !== "runtime-refused",
      );
      expect(failed).toEqual([]);
      expect(outcomes.simplify).toBe("ok");
    },
  );
});
