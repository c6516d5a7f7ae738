import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Attribute, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { floats, graph, int64s, model, node, value, weight } from "../testing/build.ts";

/** A small model around one operator, or few. */
export interface Case {
  opset: number;
  /** Shape of the float32 input `x`. */
  x: number[];
  nodes: Node[];
  outputs?: string[];
  initializer?: Tensor[];
  tolerance?: number;
}

export function build({ opset, x, nodes, outputs = ["y"], initializer }: Case): Model {
  const output = outputs.map((name) => ({
    name,
    type: { tensorType: { elemType: name === "ids" ? 7 : 1 } },
  }));
  return model(graph({ input: [value("x", x)], output, node: nodes, initializer }), opset, 8);
}

/** One node from `x` to `y`. */
export const op = (opType: string, attributes: Attribute[] = [], inputs: string[] = []) => [
  node(opType, ["x", ...inputs], ["y"], attributes),
];

/** Nodes that ONNX Runtime runs before and after an upgrade. */
export const cases: Record<string, Case> = {
  "Slice 9": {
    opset: 9,
    x: [4, 5],
    nodes: op("Slice", [
      makeInts("starts", [1, -3]),
      makeInts("ends", [3, 2147483647]),
      makeInts("axes", [0, 1]),
    ]),
  },
  "Slice 9 without axes": {
    opset: 9,
    x: [4, 5],
    nodes: op("Slice", [makeInts("starts", [1]), makeInts("ends", [-1])]),
  },
  "TopK 9": {
    opset: 9,
    x: [3, 7],
    nodes: [node("TopK", ["x"], ["y", "ids"], [makeInt("k", 2), makeInt("axis", 1)])],
    outputs: ["y", "ids"],
  },
  "Upsample 7": {
    opset: 7,
    x: [1, 1, 2, 3],
    nodes: op("Upsample", [{ name: "scales", floats: [1, 1, 2, 3], type: 6 }]),
  },
  "Upsample 9 nearest, uneven": {
    opset: 9,
    x: [1, 1, 3, 3],
    nodes: op("Upsample", [], ["s"]),
    initializer: [floats("s", [4], [1, 1, 1.5, 2.4])],
  },
  "Upsample 9 linear": {
    opset: 9,
    x: [1, 1, 3, 3],
    nodes: op("Upsample", [makeString("mode", "linear")], ["s"]),
    initializer: [floats("s", [4], [1, 1, 2, 2])],
  },
  "Resize 10 nearest down": {
    opset: 10,
    x: [1, 1, 6, 6],
    nodes: op("Resize", [], ["s"]),
    initializer: [floats("s", [4], [1, 1, 0.6, 0.5])],
  },
  "Resize 10 linear": {
    opset: 10,
    x: [1, 1, 4, 4],
    nodes: op("Resize", [makeString("mode", "linear")], ["s"]),
    initializer: [floats("s", [4], [1, 1, 1.7, 2])],
  },
  "Dropout 7": { opset: 7, x: [2, 3], nodes: op("Dropout", [makeFloat("ratio", 0.3)]) },
  "Clip 6": { opset: 7, x: [3, 4], nodes: op("Clip", [makeFloat("min", -0.2), makeFloat("max", 0.4)]) },
  "Clip 6, one bound": { opset: 9, x: [3, 4], nodes: op("Clip", [makeFloat("max", 0.4)]) },
  "Clip 6 of an inner value": {
    opset: 10,
    x: [3, 4],
    nodes: [node("Neg", ["x"], ["n"]), node("Clip", ["n"], ["y"], [makeFloat("min", 0)])],
  },
  "Pad 2": {
    opset: 9,
    x: [2, 3],
    nodes: op("Pad", [makeInts("pads", [0, 1, 2, 0]), makeFloat("value", 0.5)]),
  },
  "Pad 2 reflect": {
    opset: 9,
    x: [3, 3],
    nodes: op("Pad", [makeInts("pads", [1, 1, 1, 1]), makeString("mode", "reflect")]),
  },
  "Softmax 11, default axis": { opset: 11, x: [2, 3, 4], nodes: op("Softmax"), tolerance: 1e-7 },
  "Softmax 1, axis 0": {
    opset: 9,
    x: [2, 3, 4],
    nodes: op("Softmax", [makeInt("axis", 0)]),
    tolerance: 1e-7,
  },
  "LogSoftmax 11, last axis": { opset: 11, x: [2, 3, 4], nodes: op("LogSoftmax", [makeInt("axis", 2)]) },
  "LogSoftmax 11, axis −2": {
    opset: 11,
    x: [2, 3, 4],
    nodes: op("LogSoftmax", [makeInt("axis", -2)]),
    tolerance: 1e-6,
  },
  "Hardmax 11": { opset: 11, x: [2, 3, 4], nodes: op("Hardmax") },
  "Squeeze and Unsqueeze": {
    opset: 9,
    x: [2, 1, 4],
    nodes: [
      node("Squeeze", ["x"], ["s"], [makeInts("axes", [1])]),
      node("Unsqueeze", ["s"], ["y"], [makeInts("axes", [0, 3])]),
    ],
  },
  "Squeeze of everything": { opset: 9, x: [2, 1, 1], nodes: op("Squeeze") },
  "ReduceSum 11": {
    opset: 11,
    x: [2, 3, 4],
    nodes: op("ReduceSum", [makeInts("axes", [1]), makeInt("keepdims", 0)]),
  },
  "ReduceSum 11 of everything": { opset: 11, x: [2, 3], nodes: op("ReduceSum") },
  "Split 2": {
    opset: 9,
    x: [5, 2],
    nodes: [
      node("Split", ["x"], ["a", "b"], [makeInts("split", [2, 3]), makeInt("axis", 0)]),
      node("Neg", ["b"], ["y"]),
    ],
  },
  "Split 2, equal parts": {
    opset: 9,
    x: [4, 2],
    nodes: [node("Split", ["x"], ["a", "b"]), node("Sub", ["a", "b"], ["y"])],
  },
  "Scatter 9": {
    opset: 9,
    x: [3, 3],
    nodes: [node("Scatter", ["x", "i", "u"], ["y"], [makeInt("axis", 0)])],
    initializer: [int64s("i", [2, 0, 1], [1, 3]), weight("u", [1, 3], 4)],
  },
  "RoiAlign 10": {
    opset: 10,
    x: [1, 1, 6, 6],
    nodes: [
      node("RoiAlign", ["x", "r", "b"], ["y"], [makeInt("output_height", 2), makeInt("output_width", 2)]),
    ],
    initializer: [floats("r", [1, 4], [0.6, 0.7, 4.3, 4.9]), int64s("b", [0])],
    tolerance: 1e-6,
  },
  "GridSample 16": {
    opset: 16,
    x: [1, 1, 4, 4],
    nodes: op("GridSample", [makeString("mode", "bicubic")], ["grid"]),
    initializer: [weight("grid", [1, 2, 2, 2], 6)],
  },
  "DFT 17": { opset: 17, x: [1, 4, 1], nodes: op("DFT"), tolerance: 1e-6 },
  "BatchNormalization 7": {
    opset: 7,
    x: [2, 3, 2],
    nodes: op("BatchNormalization", [makeInt("spatial", 1)], ["s", "b", "m", "v"]),
    initializer: [
      weight("s", [3], 2),
      weight("b", [3], 3),
      weight("m", [3], 4),
      floats("v", [3], [0.5, 1, 2]),
    ],
    tolerance: 1e-6,
  },
  ...Object.fromEntries(
    "Max Min Mean Prod L1 L2 LogSum LogSumExp SumSquare".split(" ").map((kind) => [
      `Reduce${kind} 13`,
      {
        opset: 13,
        x: [2, 3, 4],
        nodes: [node("Abs", ["x"], ["p"]), node(`Reduce${kind}`, ["p"], ["y"], [makeInts("axes", [-1, 0])])],
        tolerance: 1e-6,
      },
    ]),
  ),
};

/** Below opset 7 ONNX Runtime runs nothing: what such a node means is written by hand in opset 13. */
export const old: Record<string, { before: Case; after: Case }> = {
  "Add 6 with an axis": {
    before: {
      opset: 6,
      x: [2, 3, 4],
      nodes: op("Add", [makeInt("broadcast", 1), makeInt("axis", 1)], ["b"]),
      initializer: [weight("b", [3], 2)],
    },
    after: { opset: 13, x: [2, 3, 4], nodes: op("Add", [], ["b"]), initializer: [weight("b", [3, 1], 2)] },
  },
  "Mul 1 from the right": {
    before: {
      opset: 1,
      x: [2, 3, 4],
      nodes: op("Mul", [makeInt("broadcast", 1), makeInts("consumed_inputs", [0, 0])], ["b"]),
      initializer: [weight("b", [3, 4], 2)],
    },
    after: { opset: 13, x: [2, 3, 4], nodes: op("Mul", [], ["b"]), initializer: [weight("b", [3, 4], 2)] },
  },
  "PRelu 6 per channel": {
    before: { opset: 6, x: [2, 3, 4], nodes: op("PRelu", [], ["s"]), initializer: [weight("s", [3], 2)] },
    after: { opset: 13, x: [2, 3, 4], nodes: op("PRelu", [], ["s"]), initializer: [weight("s", [3, 1], 2)] },
  },
  "Reshape 1, Concat 1": {
    before: {
      opset: 1,
      x: [2, 6],
      nodes: [
        node("Reshape", ["x"], ["r"], [makeInts("shape", [2, 3, -1])]),
        node("Concat", ["r", "r"], ["y"]),
      ],
    },
    after: {
      opset: 13,
      x: [2, 6],
      nodes: [node("Reshape", ["x", "s"], ["r"]), node("Concat", ["r", "r"], ["y"], [makeInt("axis", 1)])],
      initializer: [int64s("s", [2, 3, -1])],
    },
  },
  "Pad 1, Cast 1, Selu 1": {
    before: {
      opset: 1,
      x: [2, 2],
      nodes: [
        node("Pad", ["x"], ["p"], [makeInts("paddings", [1, 0, 0, 1])]),
        node("Cast", ["p"], ["c"], [makeString("to", "FLOAT")]),
        node("Selu", ["c"], ["y"]),
      ],
    },
    after: {
      opset: 13,
      x: [2, 2],
      nodes: [
        node("Pad", ["x", "n"], ["p"]),
        node("Selu", ["p"], ["y"], [makeFloat("alpha", 1.6732), makeFloat("gamma", 1.0507)]),
      ],
      initializer: [int64s("n", [1, 0, 0, 1])],
    },
  },
  "Gemm 6, Dropout 6": {
    before: {
      opset: 6,
      x: [2, 3],
      nodes: [
        node("Gemm", ["x", "w", "b"], ["g"], [makeInt("broadcast", 1)]),
        node("Dropout", ["g"], ["y"], [makeInt("is_test", 1)]),
      ],
      initializer: [weight("w", [3, 4], 2), weight("b", [4], 3)],
    },
    after: {
      opset: 13,
      x: [2, 3],
      nodes: [node("Gemm", ["x", "w", "b"], ["y"])],
      initializer: [weight("w", [3, 4], 2), weight("b", [4], 3)],
    },
  },
  "BatchNormalization 1": {
    before: {
      opset: 1,
      x: [2, 3, 2],
      nodes: op(
        "BatchNormalization",
        [makeInt("is_test", 1), makeInts("consumed_inputs", [0, 0, 0, 1, 1])],
        ["s", "b", "m", "v"],
      ),
      initializer: [
        weight("s", [3], 2),
        weight("b", [3], 3),
        weight("m", [3], 4),
        floats("v", [3], [0.5, 1, 2]),
      ],
    },
    after: {
      opset: 13,
      x: [2, 3, 2],
      nodes: op("BatchNormalization", [], ["s", "b", "m", "v"]),
      initializer: [
        weight("s", [3], 2),
        weight("b", [3], 3),
        weight("m", [3], 4),
        floats("v", [3], [0.5, 1, 2]),
      ],
    },
  },
  "Upsample 1": {
    before: {
      opset: 1,
      x: [1, 1, 2, 2],
      nodes: op("Upsample", [makeFloat("height_scale", 2), makeFloat("width_scale", 3)]),
    },
    after: {
      opset: 9,
      x: [1, 1, 2, 2],
      nodes: op("Upsample", [], ["s"]),
      initializer: [floats("s", [4], [1, 1, 2, 3])],
    },
  },
  "LpPool 1, LSTM 1": {
    before: {
      opset: 1,
      x: [1, 1, 4],
      nodes: [
        node("LpPool", ["x"], ["p"], [makeFloat("p", 2), makeInts("kernel_shape", [2])]),
        node("LSTM", ["p", "W", "R"], ["", "y"], [makeInt("hidden_size", 2), makeInt("output_sequence", 0)]),
      ],
      initializer: [weight("W", [1, 8, 3], 2), weight("R", [1, 8, 2], 3)],
    },
    after: {
      opset: 13,
      x: [1, 1, 4],
      nodes: [
        node("LpPool", ["x"], ["p"], [makeInt("p", 2), makeInts("kernel_shape", [2])]),
        node("LSTM", ["p", "W", "R"], ["", "y"], [makeInt("hidden_size", 2)]),
      ],
      initializer: [weight("W", [1, 8, 3], 2), weight("R", [1, 8, 2], 3)],
    },
  },
  "Relu 1, Split 1, GRU 1": {
    before: {
      opset: 1,
      x: [4, 1, 3],
      nodes: [
        node("Split", ["x"], ["a", "b"], [makeInt("axis", 0)]),
        node("Sub", ["a", "b"], ["d"]),
        node("GRU", ["d", "W", "R"], ["", "h"], [makeInt("hidden_size", 2), makeInt("output_sequence", 0)]),
        node("Relu", ["h"], ["y"], [makeInts("consumed_inputs", [0])]),
      ],
      initializer: [weight("W", [1, 6, 3], 2), weight("R", [1, 6, 2], 3)],
    },
    after: {
      opset: 9,
      x: [4, 1, 3],
      nodes: [
        node("Split", ["x"], ["a", "b"]),
        node("Sub", ["a", "b"], ["d"]),
        node("GRU", ["d", "W", "R"], ["", "h"], [makeInt("hidden_size", 2)]),
        node("Relu", ["h"], ["y"]),
      ],
      initializer: [weight("W", [1, 6, 3], 2), weight("R", [1, 6, 2], 3)],
    },
  },
};
