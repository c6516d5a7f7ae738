import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { floats, int64s, node, weight } from "../testing/build.ts";
import { type Case, op } from "./adapter-cases.ts";

/** What ONNX Runtime does not run in opset 1 to 6: what such a node means is written by hand in a later one. */
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
  "Tile 1": {
    before: {
      opset: 1,
      x: [2, 3],
      nodes: op("Tile", [], ["count", "axis"]),
      initializer: [floats("count", [], [2]), floats("axis", [], [1])],
    },
    after: { opset: 13, x: [2, 3], nodes: op("Tile", [], ["n"]), initializer: [int64s("n", [1, 2])] },
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
