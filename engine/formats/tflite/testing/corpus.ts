import { optionTables } from "../reader/options.ts";
import type { ModelSpec, TensorSpec } from "./build.ts";

const wholes = (...data: number[]): TensorSpec => ({ shape: [data.length], type: "int32", data });
const numbers = (count: number) => Array.from({ length: count }, (_, at) => Math.sin(at));
const int8 = (shape: readonly number[], data?: readonly number[]): TensorSpec => ({
  shape,
  type: "int8",
  scale: 0.1,
  zero: 3,
  ...(data && { data }),
});

/** One operator on tensors of which the last is its result. */
function single(
  name: string,
  tensors: readonly TensorSpec[],
  options?: ModelSpec["operators"][number]["options"],
): ModelSpec {
  const inputs = [...tensors.keys()].slice(0, -1);
  return {
    tensors,
    inputs: inputs.filter((index) => tensors[index]?.data === undefined),
    outputs: [tensors.length - 1],
    operators: [{ name, inputs, outputs: [tensors.length - 1], ...(options && { options }) }],
  };
}

const image = { shape: [1, 4, 4, 2] };

/** Small models with every kind of structure that the reader and the converters look at: what fuzzing starts from. */
export const corpus: readonly ModelSpec[] = [
  single(
    "CONV_2D",
    [
      image,
      { shape: [3, 2, 2, 2], data: numbers(24) },
      { shape: [3], data: [1, 2, 3] },
      { shape: [1, 4, 4, 3] },
    ],
    {
      union: "Conv2D",
      fields: optionTables.conv2d,
      values: { strideW: 1, strideH: 1, activation: 3, dilationW: 2 },
    },
  ),
  single(
    "DEPTHWISE_CONV_2D",
    [
      int8(image.shape),
      { ...int8([1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), scale: [0.1, 0.2], zero: [0, 0], axis: 3 },
      { shape: [2], type: "int32", data: [5, 6] },
      int8([1, 4, 4, 2]),
    ],
    { union: "DepthwiseConv2D", fields: optionTables.depthwiseConv2d, values: { strideW: 1, strideH: 1 } },
  ),
  single(
    "TRANSPOSE_CONV",
    [wholes(1, 8, 8, 1), { shape: [1, 2, 2, 2], data: numbers(8) }, image, { shape: [1, 8, 8, 1] }],
    {
      union: "TransposeConv",
      fields: optionTables.transposeConv,
      values: { strideW: 2, strideH: 2 },
    },
  ),
  single("AVERAGE_POOL_2D", [int8(image.shape), int8([1, 2, 2, 2])], {
    union: "Pool2D",
    fields: optionTables.pool2d,
    values: { strideW: 2, strideH: 2, filterW: 2, filterH: 2 },
  }),
  single(
    "FULLY_CONNECTED",
    [
      { shape: [1, 6] },
      { shape: [2, 6], type: "int4", scale: 0.1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      { shape: [1, 2] },
    ],
    { union: "FullyConnected", fields: optionTables.fullyConnected, values: {} },
  ),
  single("ADD", [int8([1, 4]), int8([4], [1, 2, 3, 4]), int8([1, 4])], {
    union: "Add",
    fields: optionTables.activated,
    values: { activation: 1 },
  }),
  single(
    "STRIDED_SLICE",
    [{ shape: [1, 6, 5] }, wholes(0, 1, -1), wholes(0, 5, 0), wholes(1, 2, 1), { shape: [1, 2] }],
    {
      union: "StridedSlice",
      fields: optionTables.stridedSlice,
      values: { beginMask: 1, endMask: 1, shrinkAxisMask: 4 },
    },
  ),
  single("MIRROR_PAD", [{ shape: [1, 3] }, { ...wholes(0, 0, 2, 1), shape: [2, 2] }, { shape: [1, 6] }], {
    union: "MirrorPad",
    fields: optionTables.mirrorPad,
    values: { mode: 1 },
  }),
  single("RESIZE_NEAREST_NEIGHBOR", [image, wholes(7, 9), { shape: [1, 7, 9, 2] }], {
    union: "ResizeNearestNeighbor",
    fields: optionTables.resize,
    values: { alignCorners: 1 },
  }),
  single("RESIZE_BILINEAR", [image, wholes(7, 9), { shape: [1, 7, 9, 2] }], {
    union: "ResizeBilinear",
    fields: optionTables.resizeBilinear,
    values: { halfPixelCenters: 1 },
  }),
  single("SPACE_TO_BATCH_ND", [
    image,
    wholes(2, 2),
    { ...wholes(0, 0, 0, 0), shape: [2, 2] },
    { shape: [4, 2, 2, 2] },
  ]),
  single("BATCH_TO_SPACE_ND", [
    { shape: [4, 2, 2, 2] },
    wholes(2, 2),
    { ...wholes(0, 0, 0, 1), shape: [2, 2] },
    { shape: [1, 4, 3, 2] },
  ]),
  single("MEAN", [image, wholes(1, 2), { shape: [1, 2] }], {
    union: "Reducer",
    fields: optionTables.reducer,
    values: {},
  }),
  single("TRANSPOSE", [image, wholes(0, 3, 1, 2), { shape: [1, 2, 4, 4] }]),
  single("TILE", [{ shape: [1, 2] }, wholes(1, 3), { shape: [1, 6] }]),
  {
    ...single(
      "SPLIT_V",
      [
        { shape: [1, 5] },
        wholes(2, -1),
        { shape: [], type: "int32", data: [1] },
        { shape: [1, 2] },
        { shape: [1, 3] },
      ],
      {
        union: "SplitV",
        fields: optionTables.split,
        values: { numSplits: 2 },
      },
    ),
    operators: [
      {
        name: "SPLIT_V",
        inputs: [0, 1, 2],
        outputs: [3, 4],
        options: { union: "SplitV", fields: optionTables.split, values: { numSplits: 2 } },
      },
    ],
    inputs: [0],
    outputs: [3, 4],
  },
  {
    tensors: [
      { shape: [1, 6] },
      { shape: [2, 6], type: "float16", data: numbers(12) },
      { shape: [2, 6] },
      { shape: [1, 2], signature: [-1, 2] },
    ],
    inputs: [0],
    outputs: [3],
    operators: [
      { name: "DEQUANTIZE", inputs: [1], outputs: [2] },
      {
        name: "FULLY_CONNECTED",
        inputs: [0, 2, -1],
        outputs: [3],
        options: { union: "FullyConnected", fields: optionTables.fullyConnected, values: {} },
      },
    ],
    others: 1,
    isOutside: true,
  },
  {
    tensors: [
      { shape: [1, 5] },
      { shape: [], type: "int32", data: [2] },
      { shape: [1, 2] },
      { shape: [1, 2], type: "int32" },
    ],
    inputs: [0],
    outputs: [2, 3],
    operators: [{ name: "TOPK_V2", inputs: [0, 1], outputs: [2, 3] }],
  },
  single(
    "ONE_HOT",
    [
      { shape: [1, 3], type: "int32" },
      { shape: [], type: "int32", data: [4] },
      { shape: [], data: [1] },
      { shape: [], data: [0] },
      { shape: [1, 3, 4] },
    ],
    { union: "OneHot", fields: optionTables.oneHot, values: { axis: -1 } },
  ),
  single("GATHER", [int8([1, 4]), wholes(3, 0), int8([1, 2])], {
    union: "Gather",
    fields: optionTables.gather,
    values: { axis: 1 },
  }),
  single("PACK", [int8([1, 4]), int8([1, 4]), int8([1, 2, 4])], {
    union: "Pack",
    fields: optionTables.pack,
    values: { axis: 1, valuesCount: 2 },
  }),
  single("BATCH_MATMUL", [int8([1, 3, 4]), int8([1, 3, 2]), int8([1, 4, 2])], {
    union: "BatchMatMul",
    fields: optionTables.batchMatMul,
    values: { adjointX: 1 },
  }),
  {
    tensors: [
      int8([1, 4, 4, 1]),
      wholes(2, 2),
      { ...wholes(2, 2, 2, 2), shape: [2, 2] },
      int8([4, 4, 4, 1]),
      int8([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
      int8([4, 2, 2, 1]),
      { ...wholes(0, 0, 0, 0), shape: [2, 2] },
      int8([1, 4, 4, 1]),
    ],
    inputs: [0],
    outputs: [7],
    operators: [
      { name: "SPACE_TO_BATCH_ND", inputs: [0, 1, 2], outputs: [3] },
      {
        name: "CONV_2D",
        inputs: [3, 4],
        outputs: [5],
        options: {
          union: "Conv2D",
          fields: optionTables.conv2d,
          values: { padding: 1, strideW: 1, strideH: 1 },
        },
      },
      { name: "BATCH_TO_SPACE_ND", inputs: [5, 1, 6], outputs: [7] },
    ],
  },
  {
    tensors: [
      { shape: [1, 2, 3] },
      ...Array.from({ length: 4 }, () => ({ shape: [2, 3], data: numbers(6) })),
      ...Array.from({ length: 4 }, () => ({ shape: [2, 2], data: numbers(4) })),
      { shape: [1, 2], isVariable: true },
      { shape: [1, 2, 2] },
    ],
    inputs: [0],
    outputs: [10],
    operators: [
      {
        name: "UNIDIRECTIONAL_SEQUENCE_LSTM",
        inputs: [0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, 9, 9],
        outputs: [10],
        options: {
          union: "UnidirectionalSequenceLSTM",
          fields: optionTables.sequenceLstm,
          values: { activation: 4 },
        },
      },
    ],
  },
];
