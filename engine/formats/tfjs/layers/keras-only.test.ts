import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "#engine/onnx/model.ts";
import type { Converted } from "../../source.ts";
import { convertTensorflowJs } from "../convert.ts";
import { converted, expectOutput, expectSame, expectSameRuns } from "../testing/compare.ts";
import { filesFor, randomize } from "../testing/save.ts";
import { chain } from "../testing/sequential.ts";

const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** The graph of `whole`. */
function lone(
  className: string,
  config: object,
  shape: (number | null)[],
  weights: Record<string, tf.Tensor> = {},
): Model {
  return whole(className, config, shape, weights).model;
}

/** One layer of Keras that TensorFlow.js does not have, with its weights, as a model. */
function whole(
  className: string,
  config: object,
  shape: (number | null)[],
  weights: Record<string, tf.Tensor> = {},
): Converted {
  const specs = Object.entries(weights).map(([name, { shape: dims }]) => ({
    name: `lone/${name}`,
    shape: dims,
    dtype: "float32" as const,
  }));
  const bytes = Object.values(weights).flatMap((tensor) => [
    ...new Uint8Array(Float32Array.from(tensor.dataSync()).buffer),
  ]);
  const input = { class_name: "InputLayer", config: { name: "x", batch_shape: [null, ...shape] } };
  const layer = { class_name: className, config: { name: "lone", ...config } };
  return convertTensorflowJs(
    filesFor({
      json: {
        modelTopology: { class_name: "Sequential", config: { name: "model", layers: [input, layer] } },
        weightsManifest: [{ paths: ["weights.bin"], weights: specs }],
      },
      weights: Uint8Array.from(bytes),
    }),
  );
}

/** A layer over images of one column. */
function column(
  shape: [number, number],
  layer: Parameters<typeof chain>[1],
  outWidth: number,
): tf.LayersModel {
  const [length, width] = shape;
  const image = layers.reshape({ targetShape: [length, 1, width] });
  const model = chain(shape, image, layer, layers.reshape({ targetShape: [-1, outWidth] }));
  randomize(model, 5);
  return model;
}

function squeezed(tensor: tf.Tensor | undefined): tf.Tensor {
  if (tensor === undefined) throw new Error("no weight");
  return tf.reshape(
    tensor,
    tensor.shape.filter((_, axis) => axis !== 1),
  );
}

describe("layers over sequences, as layers over images of one column", () => {
  it("borders and repetition", async () => {
    await expectSameRuns(
      column([4, 3], layers.upSampling2d({ size: [3, 1] }), 3),
      lone("UpSampling1D", { size: 3 }, [4, 3]),
    );
    await expectSameRuns(
      column(
        [4, 3],
        layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 0],
          ],
        }),
        3,
      ),
      lone("ZeroPadding1D", { padding: [1, 2] }, [4, 3]),
    );
    await expectSameRuns(
      column(
        [4, 3],
        layers.zeroPadding2d({
          padding: [
            [2, 2],
            [0, 0],
          ],
        }),
        3,
      ),
      lone("ZeroPadding1D", { padding: 2 }, [4, 3]),
    );
    await expectSameRuns(
      column(
        [5, 3],
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 0],
          ],
        }),
        3,
      ),
      lone("Cropping1D", { cropping: [1, 2] }, [5, 3]),
    );
  });

  it.each(["same", "valid"] as const)("convolutions with padding %s", async (padding) => {
    const back = column(
      [5, 3],
      layers.conv2dTranspose({ filters: 4, kernelSize: [3, 1], strides: [2, 1], padding }),
      4,
    );
    const [kernel, bias] = back.getWeights();
    if (bias === undefined) throw new Error("no bias");
    const options = { filters: 4, kernel_size: [3], strides: [2], padding };
    await expectSameRuns(back, lone("Conv1DTranspose", options, [5, 3], { kernel: squeezed(kernel), bias }));

    const two = { filters: 4, kernelSize: [3, 1] as [number, number], padding, depthMultiplier: 2 };
    const apart = column([8, 3], layers.separableConv2d(two), 4);
    const [deep, point, shift] = apart.getWeights();
    if (shift === undefined) throw new Error("no bias");
    const separate = { filters: 4, kernel_size: 3, padding, depth_multiplier: 2 };
    const own = { depthwise_kernel: squeezed(deep), pointwise_kernel: squeezed(point), bias: shift };
    await expectSameRuns(apart, lone("SeparableConv1D", separate, [8, 3], own));

    const each = column(
      [8, 3],
      layers.depthwiseConv2d({ kernelSize: [3, 1], padding, depthMultiplier: 2 }),
      6,
    );
    const [plane, offset] = each.getWeights();
    if (offset === undefined) throw new Error("no bias");
    const alone = { kernel_size: 3, padding, depth_multiplier: 2 };
    await expectSameRuns(
      each,
      lone("DepthwiseConv1D", alone, [8, 3], { kernel: squeezed(plane), bias: offset }),
    );
  });

  it("convolutions in groups", async () => {
    const kernel = tf.randomNormal([2, 2, 3, 4], 0, 1, "float32", 4);
    const bias = tf.randomNormal([4], 0, 1, "float32", 5);
    const x = tf.randomNormal([2, 5, 5, 6], 0, 1, "float32", 6);
    const options = {
      filters: 4,
      kernel_size: [2, 2],
      groups: 2,
      activation: { class_name: "function", config: "tanh" },
    };
    const halves = [0, 1].map((group) => {
      const input = tf.slice(x, [0, 0, 0, 3 * group], [2, 5, 5, 3]);
      const part = tf.slice(kernel, [0, 0, 0, 2 * group], [2, 2, 3, 2]);
      return tf.conv2d(input as tf.Tensor4D, part as tf.Tensor4D, 1, "valid");
    });
    const wanted = tf.tanh(tf.add(tf.concat(halves, 3), bias));
    await expectOutput(lone("Conv2D", options, [5, 5, 6], { kernel, bias }), x, wanted);
  });
});

describe("options that TensorFlow.js leaves out", () => {
  const x = () => tf.tensor2d([[-30, -2, -1, -0.5, 0, 0.5, 1, 2, 6, 40]]);

  it("ReLU with a slope, a threshold and an upper bound", async () => {
    const bent = (slope: number, threshold: number, max: number) =>
      tf.tensor2d([
        Array.from(x().dataSync(), (value) =>
          value >= max ? max : value >= threshold ? value : slope * (value - threshold),
        ),
      ]);
    const infinite = Number.POSITIVE_INFINITY;
    const run = (config: object) => lone("ReLU", config, [10]);
    await expectOutput(run({ negative_slope: 0.2 }), x(), bent(0.2, 0, infinite));
    await expectOutput(run({ negative_slope: 0.2, max_value: 6 }), x(), bent(0.2, 0, 6));
    await expectOutput(run({ threshold: 1 }), x(), bent(0, 1, infinite));
    await expectOutput(run({ threshold: 1, negative_slope: 0.5, max_value: 6 }), x(), bent(0.5, 1, 6));
  });

  it("LeakyReLU of Keras 3, ELU with another α, silu", async () => {
    const each = (change: (value: number) => number) => tf.tensor2d([Array.from(x().dataSync(), change)]);
    await expectOutput(
      lone("LeakyReLU", { negative_slope: 0.1 }, [10]),
      x(),
      each((value) => (value < 0 ? 0.1 * value : value)),
    );
    await expectOutput(
      lone("ELU", { alpha: 0.5 }, [10]),
      x(),
      each((value) => (value < 0 ? 0.5 * Math.expm1(value) : value)),
    );
    await expectOutput(
      lone("Activation", { activation: "silu" }, [10]),
      x(),
      each((value) => value / (1 + Math.exp(-value))),
    );
    await expectOutput(
      lone("Activation", { activation: "exponential" }, [10]),
      tf.mul(x(), 0.1),
      each((value) => Math.exp(value * 0.1)),
    );
  });

  it("and a remark says so", () => {
    const notes = (className: string, config: object, shape: number[]) =>
      whole(className, config, shape).notes;
    const remark = (option: string) => [{ key: "tfjs.asKeras", params: { options: [option] } }];
    expect(notes("ReLU", { negative_slope: 0.2 }, [10])).toEqual(remark("negative_slope (ReLU)"));
    expect(notes("ReLU", { threshold: 1 }, [10])).toEqual(remark("threshold (ReLU)"));
    expect(notes("ReLU", { max_value: 6 }, [10])).toEqual([]);
  });

  it("Rescaling", async () => {
    await expectSame(chain([4], layers.rescaling({ scale: 1 / 255, offset: -0.5 })));
    await expectSame(chain([4], layers.rescaling({ scale: 2 })));
  });
});

describe("what would be wrong is refused", () => {
  it.each([
    ["Conv2DTranspose", { filters: 2, kernel_size: 2, dilation_rate: 2 }, /Conv2DTranspose with dilation/],
    ["Conv2DTranspose", { filters: 2, kernel_size: 2, output_padding: 1 }, /with output_padding/],
    ["UpSampling2D", { interpolation: "bicubic" }, /with interpolation bicubic/],
    ["LayerNormalization", { axis: 1 }, /over other axes/],
    ["LayerNormalization", { rms_scaling: true }, /with rms_scaling/],
    ["BatchNormalization", { axis: [1, 2] }, /over several axes/],
    ["Activation", { activation: "snake" }, /with the activation snake/],
    ["Activation", { activation: { class_name: "Softmax", config: { axis: 1 } } }, /Softmax with options/],
    ["Activation", { activation: { class_name: "ELU", config: { alpha: 0.5 } } }, /ELU with options/],
    ["Concatenate", {}, /merges two inputs/],
  ])("%s %o", (className, config, message) => {
    expect(() => lone(className, config, [4, 4, 2])).toThrow(message);
  });

  it("layers over time that keep their state, and activations that ONNX does not know", async () => {
    const edit = (from: string, to: string) => ({
      edit: (files: Parameters<typeof filesFor>[0]) => {
        files.json.modelTopology = JSON.parse(JSON.stringify(files.json.modelTopology).replace(from, to));
      },
    });
    const model = chain([4, 3], layers.lstm({ units: 2 }));
    await expect(converted(model, edit('"stateful":false', '"stateful":true'))).rejects.toThrow(
      /keeps its state/,
    );
    await expect(converted(model, edit('"activation":"tanh"', '"activation":"mish"'))).rejects.toThrow(
      /LSTM with the activation mish/,
    );
  });
});
