import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { converted, expectSame, expectSameRuns } from "../testing/compare.ts";
import { randomize } from "../testing/save.ts";
import { chain } from "../testing/sequential.ts";

const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const activations = [
  "linear",
  "relu",
  "relu6",
  "elu",
  "selu",
  "gelu",
  "gelu_new",
  "sigmoid",
  "hardSigmoid",
  "softplus",
  "softsign",
  "tanh",
  "softmax",
  "logSoftmax",
  "swish",
  "mish",
] as const;

/** Names that the types of TensorFlow.js leave out, though it knows them. */
function named(name: (typeof activations)[number]): "relu" {
  return name as "relu";
}

describe("activations", () => {
  it.each(activations)("%s as a layer and as an option", async (name) => {
    await expectSame(chain([7], layers.activation({ activation: named(name) })));
    await expectSame(chain([4, 7], layers.activation({ activation: named(name) })));
    await expectSame(chain([5], layers.dense({ units: 6, activation: named(name) })));
    const convolution = layers.conv2d({ filters: 4, kernelSize: 2, activation: named(name) });
    await expectSame(chain([4, 4, 3], convolution));
  });

  it("with parameters", async () => {
    await expectSame(chain([5], layers.reLU()));
    await expectSame(chain([5], layers.reLU({ maxValue: 2.5 })));
    await expectSame(chain([5], layers.leakyReLU()));
    await expectSame(chain([5], layers.leakyReLU({ alpha: 0.05 })));
    await expectSame(chain([5], layers.elu()));
    await expectSame(chain([5], layers.thresholdedReLU({ theta: 0.25 })));
    await expectSame(chain([3, 4, 5], layers.prelu({})));
    await expectSame(chain([3, 4, 5], layers.prelu({ sharedAxes: [1, 2] })));
    await expectSame(chain([3, 4, 5], layers.softmax({ axis: -1 })));
    // TensorFlow.js itself takes the last axis alone.
    const along = chain([3, 4, 5], layers.softmax({ axis: 2 }));
    const turned = [
      layers.permute({ dims: [1, 3, 2] }),
      layers.softmax({ axis: 3 }),
      layers.permute({ dims: [1, 3, 2] }),
    ];
    await expectSameRuns(chain([3, 4, 5], ...turned), await converted(along));
  });
});

describe("products", () => {
  it("dense over vectors and over sequences, with and without a bias", async () => {
    for (const useBias of [true, false]) {
      await expectSame(chain([5], layers.dense({ units: 3, useBias })));
      await expectSame(chain([4, 5], layers.dense({ units: 3, useBias, activation: "tanh" })));
      await expectSame(chain([null, 5], layers.dense({ units: 3, useBias })));
    }
  });
});

describe("normalisation", () => {
  it.each([
    { center: true, scale: true },
    { center: true, scale: false },
    { center: false, scale: true },
    { center: false, scale: false },
  ])("of batches, $center $scale", async (options) => {
    await expectSame(chain([5], layers.batchNormalization(options)));
    await expectSame(chain([3, 5], layers.batchNormalization({ ...options, epsilon: 0.1 })));
    await expectSame(chain([3, 4, 5], layers.batchNormalization(options)));
  });

  it.each([
    { axis: 1, there: [3, 2, 1] },
    { axis: 2, there: [1, 3, 2] },
  ])(
    "of batches along axis $axis, which the cpu backend of TensorFlow.js gets wrong",
    async ({ axis, there }) => {
      const turned = [
        layers.permute({ dims: there }),
        layers.batchNormalization(),
        layers.permute({ dims: there }),
      ];
      const reference = chain([3, 4, 5], ...turned);
      randomize(reference, 7);
      await expectSameRuns(reference, await converted(chain([3, 4, 5], layers.batchNormalization({ axis }))));
    },
  );

  it.each([
    { center: true, scale: true },
    { center: true, scale: false },
    { center: false, scale: true },
    { center: false, scale: false },
  ])("of layers, $center $scale", async (options) => {
    await expectSame(chain([5], layers.layerNormalization(options)));
    await expectSame(chain([3, 4, 5], layers.layerNormalization({ ...options, epsilon: 0.1 })));
    await expectSame(chain([3, 4, 5], layers.layerNormalization({ ...options, axis: [2, 3] })));
  });
});

describe("shapes", () => {
  it("flatten, reshape, permute, repeat", async () => {
    await expectSame(chain([3, 4, 5], layers.flatten()));
    await expectSame(chain([3, 4, 5], layers.flatten({ dataFormat: "channelsFirst" })));
    await expectSame(chain([12], layers.reshape({ targetShape: [3, 4] })));
    await expectSame(chain([3, 4], layers.reshape({ targetShape: [2, -1, 3] })));
    await expectSame(chain([3, 4, 5], layers.permute({ dims: [3, 1, 2] })));
    await expectSame(chain([3, 4, 5], layers.permute({ dims: [1, 2, 3] })));
    await expectSame(chain([5], layers.repeatVector({ n: 4 })));
  });

  it("borders", async () => {
    await expectSame(chain([3, 4, 5], layers.zeroPadding2d()));
    await expectSame(chain([3, 4, 5], layers.zeroPadding2d({ padding: 2 })));
    await expectSame(chain([3, 4, 5], layers.zeroPadding2d({ padding: [1, 2] })));
    await expectSame(
      chain(
        [3, 4, 5],
        layers.zeroPadding2d({
          padding: [
            [1, 0],
            [2, 3],
          ],
        }),
      ),
    );
    await expectSame(
      chain([3, 4, 5], layers.zeroPadding2d({ padding: [1, 2], dataFormat: "channelsFirst" })),
    );
    const cropping = [
      [1, 0],
      [0, 2],
    ] as [[number, number], [number, number]];
    await expectSame(chain([3, 4, 5], layers.cropping2D({ cropping })));
    await expectSame(chain([3, 4, 5], layers.cropping2D({ cropping, dataFormat: "channelsFirst" })));
  });

  it("growing images", async () => {
    await expectSame(chain([3, 4, 2], layers.upSampling2d({})));
    await expectSame(chain([3, 4, 2], layers.upSampling2d({ size: [3, 2] })));
    await expectSame(chain([3, 4, 2], layers.upSampling2d({ size: [3, 2], interpolation: "bilinear" })));
    await expectSame(chain([2, 3, 4], layers.upSampling2d({ size: [2, 1], dataFormat: "channelsFirst" })));
  });
});

describe("what only training needs", () => {
  it("is left out and counted", async () => {
    const { notes, operators } = await expectSame(
      chain(
        [4, 5],
        layers.dropout({ rate: 0.5 }),
        layers.gaussianNoise({ stddev: 3 }),
        layers.gaussianDropout({ rate: 0.5 }),
        layers.alphaDropout({ rate: 0.5 }),
        layers.spatialDropout1d({ rate: 0.5 }),
        layers.dense({ units: 2 }),
        layers.dropout({ rate: 0.5 }),
      ),
    );
    expect(operators).toMatchObject({ Dense: 1, Dropout: 2, GaussianNoise: 1, SpatialDropout1D: 1 });
    expect(notes).toEqual([
      {
        key: "tfjs.trainingOnly",
        params: {
          count: 6,
          kinds: ["Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout1D"],
        },
      },
    ]);
  });
});
