import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Attribute, Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { floats, graph, graphAttribute, int64s, model, node, value, weight } from "../testing/build.ts";

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

/** One turn: the state and the element are added. */
export function scanBody(): Graph {
  return graph({
    name: "turn",
    input: [value("state", [2]), value("element", [2])],
    node: [node("Add", ["state", "element"], ["next"]), node("Tanh", ["next"], ["out"])],
    output: [value("next", [2]), value("out", [2])],
  });
}

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
  "Resize 11 to sizes": {
    opset: 11,
    x: [1, 1, 2, 2],
    nodes: op("Resize", [], ["r", "s", "z"]),
    initializer: [floats("r", [0], []), floats("s", [0], []), int64s("z", [1, 1, 4, 3])],
  },
  "GroupNormalization 18": {
    opset: 18,
    x: [2, 4, 3],
    nodes: op("GroupNormalization", [makeInt("num_groups", 2)], ["s", "b"]),
    initializer: [weight("s", [2], 3), weight("b", [2], 4)],
    tolerance: 1e-6,
  },
  "BatchNormalization 7, each position on its own": {
    opset: 7,
    x: [2, 2, 3],
    nodes: op("BatchNormalization", [makeInt("spatial", 0), makeFloat("epsilon", 0.1)], ["s", "b", "m", "v"]),
    initializer: [
      weight("s", [2, 3], 2),
      weight("b", [2, 3], 3),
      weight("m", [2, 3], 4),
      floats("v", [2, 3], [0.5, 1, 2, 3, 4, 5]),
    ],
    tolerance: 1e-6,
  },
  "Scan 8 of a batch of 1, backwards": {
    opset: 8,
    x: [1, 3, 2],
    nodes: [
      node(
        "Scan",
        ["", "h", "x"],
        ["end", "y"],
        [graphAttribute("body", scanBody()), makeInt("num_scan_inputs", 1), makeInts("directions", [1])],
      ),
    ],
    initializer: [weight("h", [1, 2], 5)],
    outputs: ["end", "y"],
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
