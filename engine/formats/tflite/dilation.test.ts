import * as fc from "fast-check";
import { expect, it } from "vitest";
import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { filesOf } from "../source.ts";
import { convertTensorFlowLite } from "./convert.ts";
import { optionTables } from "./reader/options.ts";
import { buildModel, type TensorSpec } from "./testing/build.ts";
import { compareModel, relativeError, steps } from "./testing/compare.ts";
import { elementsOf } from "./writer/constants.ts";

interface Triple {
  readonly outer: readonly [number, number];
  readonly block: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly channels: number;
  readonly before: number;
  readonly crop: number;
  readonly padding: number;
  readonly isDepthwise: boolean;
  readonly isInteger: boolean;
}

const triples: fc.Arbitrary<Triple> = fc.record({
  outer: fc.tuple(fc.integer({ min: 3, max: 4 }), fc.integer({ min: 3, max: 4 })),
  block: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 3 })),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  channels: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 0, max: 2 }),
  crop: fc.integer({ min: 0, max: 2 }),
  padding: fc.constantFrom(0, 1),
  isDepthwise: fc.boolean(),
  isInteger: fc.boolean(),
});

/** A model of the three operators; the image is what the padding leaves of `outer` blocks. */
function modelOf(given: Triple): Uint8Array {
  const { outer, block, kernel, channels, before, crop, padding, isDepthwise, isInteger } = given;
  const whole = outer.map((count, axis) => count * (block[axis] ?? 1));
  const image = whole.map((size) => size - before);
  const inner = outer.map((count, axis) => (padding === 0 ? count : count - (kernel[axis] ?? 1) + 1));
  const cropped = inner.map((count, axis) => count * (block[axis] ?? 1) - crop);
  const batch = block[0] * block[1];
  const random = randomStream(elementsOf(image) + channels);
  const shape = isDepthwise ? [1, ...kernel, channels] : [channels, ...kernel, channels];
  const values = Array.from({ length: elementsOf(shape) }, () => random.below(255) - 127);
  const scale = (step: number): Partial<TensorSpec> =>
    isInteger ? { type: "int8", scale: step, zero: 4 } : {};
  const wholes = (...data: number[]): TensorSpec => ({ shape: [2, 2], type: "int32", data });
  const tensors: TensorSpec[] = [
    { shape: [1, ...image, channels], ...scale(0.05) },
    { shape: [2], type: "int32", data: [...block] },
    wholes(before, 0, 0, before),
    { shape: [batch, ...outer, channels], ...scale(0.05) },
    isInteger
      ? { shape, type: "int8", scale: 0.01, zero: 0, data: values }
      : { shape, data: values.map((value) => value / 100) },
    {
      shape: [channels],
      data: values.slice(0, channels),
      ...(isInteger ? { type: "int32", scale: 0.0005 } : {}),
    },
    { shape: [batch, ...inner, channels], ...scale(0.15) },
    wholes(crop, 0, 0, crop),
    { shape: [1, ...cropped, channels], ...scale(0.15) },
  ];
  return buildModel({
    tensors,
    inputs: [0],
    outputs: [8],
    operators: [
      { name: "SPACE_TO_BATCH_ND", inputs: [0, 1, 2], outputs: [3] },
      {
        name: isDepthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D",
        inputs: [3, 4, 5],
        outputs: [6],
        options: {
          union: isDepthwise ? "DepthwiseConv2D" : "Conv2D",
          fields: isDepthwise ? optionTables.depthwiseConv2d : optionTables.conv2d,
          values: { padding, strideW: 1, strideH: 1, activation: 1, depthMultiplier: 1 },
        },
      },
      { name: "BATCH_TO_SPACE_ND", inputs: [6, 1, 7], outputs: [8] },
    ],
  });
}

it("a convolution between blocks is one with a dilation, unless more is cropped than padded", async () => {
  let joined = 0;
  await fc.assert(
    fc.asyncProperty(
      triples.filter(({ outer, block, kernel, padding, crop }) =>
        outer.every((count, axis) => {
          const results = padding === 0 ? count : count - (kernel[axis] ?? 1) + 1;
          return results * (block[axis] ?? 1) > crop && results > 0;
        }),
      ),
      async (given) => {
        const bytes = modelOf(given);
        const { model } = convertTensorFlowLite(filesOf({ "m.tflite": bytes }));
        const kinds = model.graph.node.map(({ opType }) => opType);
        if (!kinds.includes("Pad") && kinds.filter((kind) => kind === "Reshape").length === 0) joined++;
        const compared = await compareModel(bytes);
        if (given.isInteger) expect(steps(compared).largest).toBeLessThanOrEqual(1);
        else expect(relativeError(compared)).toBeLessThanOrEqual(1e-5);
      },
    ),
    { numRuns: 60, seed: 4 },
  );
  expect(joined).toBeGreaterThan(20);
  expect(joined).toBeLessThan(60);
}, 60_000);
