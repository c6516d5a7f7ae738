import * as fc from "fast-check";
import { optionTables } from "../reader/options.ts";
import { describeOperator, size } from "../testing/describe-operator.ts";

/** How a window of any kind may go over an image. */
const window = fc.record({
  height: size(3, 8),
  width: size(3, 8),
  channels: size(1, 4),
  kernelH: size(1, 3),
  kernelW: size(1, 3),
  strideH: size(1, 3),
  strideW: size(1, 3),
  dilationH: size(1, 2),
  dilationW: size(1, 2),
  padding: fc.constantFrom(0, 1),
  activation: fc.constantFrom(0, 1, 2, 3),
  outputs: size(1, 4),
  hasBias: fc.constantFrom(0, 1),
});

type Window = typeof window extends fc.Arbitrary<infer T> ? T : never;

function reach(size: number, kernel: number, stride: number, dilation: number, padding: number): number {
  const effective = dilation * (kernel - 1) + 1;
  return padding === 0 ? Math.ceil(size / stride) : Math.floor((size - effective) / stride) + 1;
}

function outputShape(w: Window, channels: number, isDilated = true): number[] {
  const [dh, dw] = isDilated ? [w.dilationH, w.dilationW] : [1, 1];
  return [
    1,
    reach(w.height, w.kernelH, w.strideH, dh, w.padding),
    reach(w.width, w.kernelW, w.strideW, dw, w.padding),
    channels,
  ];
}

/** TensorFlow Lite's kernels take a stride or a dilation, and a window within the image. */
const valid = window.filter(
  (w) =>
    outputShape(w, 1).every((dim) => dim > 0) &&
    ((w.dilationH === 1 && w.dilationW === 1) || (w.strideH === 1 && w.strideW === 1)),
);

const conv2d = valid.map((w) => ({
  inputs: [
    { shape: [1, w.height, w.width, w.channels] },
    { shape: [w.outputs, w.kernelH, w.kernelW, w.channels], role: "weight" as const, axis: 0 },
    { shape: [w.outputs], role: "bias" as const },
  ],
  outputs: [{ shape: outputShape(w, w.outputs) }],
  options: { union: "Conv2D", fields: optionTables.conv2d, values: w },
  result: { scale: 0.1, zero: -20 },
}));

const depthwiseConv2d = valid.map((w) => {
  const channels = w.channels * w.outputs;
  return {
    inputs: [
      { shape: [1, w.height, w.width, w.channels] },
      { shape: [1, w.kernelH, w.kernelW, channels], role: "weight" as const, axis: 3 },
      { shape: [channels], role: "bias" as const },
    ],
    outputs: [{ shape: outputShape(w, channels) }],
    options: {
      union: "DepthwiseConv2D",
      fields: optionTables.depthwiseConv2d,
      values: { ...w, depthMultiplier: w.outputs },
    },
    result: { scale: 0.06, zero: 5 },
  };
});

const forms = ["float32", "int8", "uint8", "int16"] as const;
describeOperator("CONV_2D", conv2d, { forms, runs: 20 });
describeOperator("DEPTHWISE_CONV_2D", depthwiseConv2d, { forms, runs: 20 });

/** Clipped to ±1 or 6, results would be far smaller than the sums that are rounded. */
const isWide = ({ options }: { options: { values: Window } }) => options.values.activation < 2;
const hybrid = { forms: ["hybrid"], runs: 20 } as const;
describeOperator("CONV_2D with int8 weights", conv2d.filter(isWide), hybrid);
describeOperator("DEPTHWISE_CONV_2D with int8 weights", depthwiseConv2d.filter(isWide), hybrid);

describeOperator(
  "CONV_2D in groups",
  fc.record({ groups: size(2, 3), depth: size(1, 2), each: size(1, 2) }).map(({ groups, depth, each }) => ({
    inputs: [
      { shape: [1, 4, 4, groups * depth] },
      { shape: [groups * each, 2, 2, depth], role: "weight" as const, axis: 0 },
      { shape: [groups * each], role: "bias" as const },
    ],
    outputs: [{ shape: [1, 3, 3, groups * each] }],
    options: {
      union: "Conv2D",
      fields: optionTables.conv2d,
      values: { padding: 1, strideW: 1, strideH: 1 },
    },
    result: { scale: 0.1 },
  })),
  { forms: ["float32"] },
);

for (const name of ["MAX_POOL_2D", "AVERAGE_POOL_2D"])
  describeOperator(
    name,
    window
      .filter((w) => outputShape(w, 1, false).every((dim) => dim > 0))
      .map((w) => ({
        inputs: [{ shape: [1, w.height, w.width, w.channels] }],
        outputs: [{ shape: outputShape(w, w.channels, false) }],
        options: {
          union: "Pool2D",
          fields: optionTables.pool2d,
          values: { ...w, filterW: w.kernelW, filterH: w.kernelH },
        },
        result: "same" as const,
      })),
    { forms: ["float32", "int8", "uint8", "int16"], steps: name === "MAX_POOL_2D" ? 0 : 1 },
  );

describeOperator(
  "TRANSPOSE_CONV",
  window
    .map((w) => ({
      ...w,
      // A larger stride than window leaves gaps at the end, which ONNX Runtime cannot pad.
      kernelH: Math.max(w.kernelH, w.strideH),
      kernelW: Math.max(w.kernelW, w.strideW),
    }))
    .map((w) => {
      const results = (dim: number, kernel: number, stride: number) =>
        w.padding === 0 ? dim * stride : (dim - 1) * stride + kernel;
      const shape = [
        1,
        results(w.height, w.kernelH, w.strideH),
        results(w.width, w.kernelW, w.strideW),
        w.outputs,
      ];
      return {
        inputs: [
          { shape: [4], type: "int32" as const, data: shape },
          { shape: [w.outputs, w.kernelH, w.kernelW, w.channels], role: "weight" as const, axis: 0 },
          { shape: [1, w.height, w.width, w.channels] },
          ...(w.hasBias === 1 ? [{ shape: [w.outputs], role: "bias" as const }] : []),
        ],
        outputs: [{ shape }],
        options: {
          union: "TransposeConv",
          fields: optionTables.transposeConv,
          values: { ...w, activation: w.activation === 2 ? 0 : w.activation },
        },
        version: w.hasBias === 1 ? 3 : 1,
        result: { scale: 0.1 },
      };
    }),
  { forms: ["float32", "int8"] },
);
