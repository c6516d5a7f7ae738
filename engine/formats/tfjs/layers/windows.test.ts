import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { converted, expectSame, expectSameRuns, type Trial } from "../testing/compare.ts";
import { randomize } from "../testing/save.ts";
import { chain, value } from "../testing/sequential.ts";

const { layers } = tf;
const runs = { numRuns: 40 };

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const small = (max: number) => fc.integer({ min: 1, max });
const pair = (max: number) => fc.tuple(small(max), small(max));

/** Strides and dilation exclude each other in TensorFlow. */
const ones = fc.constant<[number, number]>([1, 1]);
const steps = fc.oneof(
  fc.record({ strides: pair(3), dilationRate: ones }),
  fc.record({ strides: ones, dilationRate: pair(3) }),
);

const window2d = fc.record({
  kernelSize: pair(4),
  steps,
  padding: fc.constantFrom("same" as const, "valid" as const),
  useBias: fc.boolean(),
  height: fc.integer({ min: 10, max: 13 }),
  width: fc.integer({ min: 10, max: 13 }),
  channels: small(4),
  filters: small(5),
});

const strided2d = fc.record({
  kernelSize: pair(4),
  strides: pair(4),
  padding: fc.constantFrom("same" as const, "valid" as const),
  useBias: fc.boolean(),
  height: fc.integer({ min: 4, max: 9 }),
  width: fc.integer({ min: 4, max: 9 }),
  channels: small(4),
  filters: small(5),
});

/** TensorFlow.js writes the shape of an input whose places are open. */
const isOpen: Trial = { open: 11 };

describe("convolutions", () => {
  it("in two dimensions", async () => {
    await fc.assert(
      fc.asyncProperty(window2d, async ({ steps: how, height, width, channels, ...options }) => {
        await expectSame(chain([height, width, channels], layers.conv2d({ ...options, ...how })));
      }),
      runs,
    );
  });

  it("in one dimension", async () => {
    const cases = fc.record({
      kernelSize: small(4),
      steps,
      padding: fc.constantFrom("same" as const, "valid" as const),
      useBias: fc.boolean(),
      length: fc.integer({ min: 10, max: 14 }),
      channels: small(4),
      filters: small(5),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ steps: how, length, channels, ...options }) => {
        const [strides, dilationRate] = [how.strides[0], how.dilationRate[0]];
        await expectSame(chain([length, channels], layers.conv1d({ ...options, strides, dilationRate })));
      }),
      runs,
    );
  });

  it("of each channel by itself", async () => {
    await fc.assert(
      fc.asyncProperty(
        window2d,
        small(3),
        async ({ steps: how, height, width, channels, filters: _, ...options }, depthMultiplier) => {
          // The backend takes the same stride and dilation along both axes.
          const strides = how.strides[0];
          const dilationRate = how.dilationRate[0];
          const layer = layers.depthwiseConv2d({ ...options, strides, dilationRate, depthMultiplier });
          const model = chain([height, width, channels], layer);
          if (dilationRate === 1) {
            await expectSame(model);
            return;
          }
          // Its layer leaves the dilation out when it runs; that of a separable convolution does not.
          const onnx = await converted(model);
          const inner = channels * depthMultiplier;
          const { useBias } = options;
          const both = layers.separableConv2d({ ...options, filters: inner, dilationRate, depthMultiplier });
          const reference = chain([height, width, channels], both);
          const [deep, bias] = model.getWeights();
          const same = tf.reshape(tf.eye(inner), [1, 1, inner, inner]);
          reference.setWeights([deep, same, ...(useBias ? [bias] : [])].flatMap((weight) => weight ?? []));
          await expectSameRuns(reference, onnx);
        },
      ),
      runs,
    );
  });

  it("of each channel, then over the channels", async () => {
    await fc.assert(
      fc.asyncProperty(
        window2d,
        small(3),
        async ({ steps: how, height, width, channels, ...options }, depthMultiplier) => {
          const strides = how.strides[0];
          const dilationRate = how.dilationRate[0];
          const layer = layers.separableConv2d({ ...options, strides, dilationRate, depthMultiplier });
          await expectSame(chain([height, width, channels], layer));
        },
      ),
      runs,
    );
  });

  it("that go back", async () => {
    await fc.assert(
      fc.asyncProperty(strided2d, async ({ height, width, channels, ...options }) => {
        await expectSame(chain([height, width, channels], layers.conv2dTranspose(options)));
      }),
      runs,
    );
  });

  it("of three dimensions, and of channels that come first", async () => {
    await expectSame(
      chain([5, 6, 4, 2], layers.conv3d({ filters: 3, kernelSize: [2, 3, 2], padding: "same" })),
    );
    const options = { filters: 3, kernelSize: 3, strides: 2, padding: "same" } as const;
    await expectSame(chain([2, 7, 8], layers.conv2d({ ...options, dataFormat: "channelsFirst" })));
  });

  it("over places whose number is open", async () => {
    for (const strides of [1, 2, 3]) {
      for (const padding of ["same", "valid"] as const) {
        const options = { filters: 3, kernelSize: 4, strides, padding };
        await expectSame(chain([null, null, 2], layers.conv2d(options)), isOpen);
        await expectSame(
          chain([null, null, 2], layers.maxPooling2d({ poolSize: 3, strides, padding })),
          isOpen,
        );
        await expectSame(
          chain([null, null, 2], layers.averagePooling2d({ poolSize: 3, strides, padding })),
          isOpen,
        );
      }
    }
    await expectSame(chain([null, null, 2], layers.globalAveragePooling2d({})), isOpen);
  });

  it("that look back only, which TensorFlow.js does not run", async () => {
    const options = { filters: 3, kernelSize: 3, dilationRate: 2 };
    const edit: Trial["edit"] = ({ json }) => {
      json.modelTopology = JSON.parse(
        JSON.stringify(json.modelTopology).replace('"padding":"valid"', '"padding":"causal"'),
      );
    };
    const onnx = await converted(chain([9, 2], layers.conv1d(options)), { edit });
    const input = tf.input({ shape: [9, 2] });
    const image = value(layers.reshape({ targetShape: [9, 1, 2] }), input);
    const padded = value(
      layers.zeroPadding2d({
        padding: [
          [4, 0],
          [0, 0],
        ],
      }),
      image,
    );
    const line = value(layers.reshape({ targetShape: [13, 2] }), padded);
    const reference = tf.model({ inputs: input, outputs: value(layers.conv1d(options), line) });
    randomize(reference, 7);
    await expectSameRuns(reference, onnx);
  });

  it("are between a Transpose and the one that turns it back, named after their layer", async () => {
    const model = chain([6, 6, 2], layers.conv2d({ filters: 3, kernelSize: 3, name: "eye" }));
    const { graph } = await converted(model);
    expect(graph.node.map(({ opType, name }) => [opType, name])).toEqual([
      ["Transpose", "eye/Transpose"],
      ["Conv", "eye/Conv"],
      ["Transpose", "eye/Transpose_1"],
    ]);
    expect(graph.initializer.map(({ name, dims }) => [name, dims])).toEqual([
      ["eye/kernel", [3, 2, 3, 3]],
      ["eye/bias", [3]],
    ]);
    expect(graph.input[0]?.type?.tensorType?.shape?.dim).toEqual([
      { dimParam: "batch" },
      { dimValue: 6 },
      { dimValue: 6 },
      { dimValue: 2 },
    ]);
    expect(graph.output.map(({ name }) => name)).toEqual(["eye"]);
  });
});

describe("pooling", () => {
  const cases = fc.record({
    poolSize: pair(4),
    strides: fc.option(pair(4), { nil: undefined }),
    padding: fc.constantFrom("same" as const, "valid" as const),
    height: fc.integer({ min: 4, max: 9 }),
    width: fc.integer({ min: 4, max: 9 }),
  });

  it("in two dimensions", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ height, width, ...options }) => {
        await expectSame(chain([height, width, 3], layers.maxPooling2d(options)));
        await expectSame(chain([height, width, 3], layers.averagePooling2d(options)));
      }),
      runs,
    );
  });

  it("in one dimension", async () => {
    const line = cases.map(({ poolSize: [poolSize], strides, padding, height }) => ({
      ...{ poolSize, padding, height },
      strides: strides?.[0],
    }));
    await fc.assert(
      fc.asyncProperty(line, async ({ height, ...options }) => {
        await expectSame(chain([height, 3], layers.maxPooling1d(options)));
        await expectSame(chain([height, 3], layers.averagePooling1d(options)));
      }),
      runs,
    );
  });

  it("over all places", async () => {
    await expectSame(chain([7, 3], layers.globalMaxPooling1d()));
    await expectSame(chain([7, 3], layers.globalAveragePooling1d()));
    await expectSame(chain([5, 7, 3], layers.globalMaxPooling2d({})));
    await expectSame(chain([5, 7, 3], layers.globalAveragePooling2d({})));
    await expectSame(chain([3, 5, 7], layers.globalAveragePooling2d({ dataFormat: "channelsFirst" })));
  });
});
