import { afterAll, describe, expect, it } from "vitest";
import { makeFloat, makeInt, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { floats, int64s, node, opTypes, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { any, build, type Case, itSimplifies, relu } from "./testing/cases.ts";
import { simplified } from "./testing/run.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const folding: Record<string, Case> = {
  "shape arithmetic": {
    x: [2, 3, 4],
    nodes: [
      node("Shape", ["x"], ["s"]),
      node("Gather", ["s", "i"], ["g"]),
      node("Mul", ["g", "two"], ["d"]),
      node("Div", ["d", "two"], ["r"]),
      node("Concat", ["r", "rest"], ["t"], [makeInt("axis", 0)]),
      node("Reshape", ["x", "t"], ["y"]),
    ],
    weights: [int64s("i", [0]), int64s("two", [2]), int64s("rest", [-1])],
    ops: ["Reshape"],
  },
  "a dimension that is known although the batch is not": {
    x: ["n", 3, 4],
    nodes: [
      node("Shape", ["x"], ["s"]),
      node("Gather", ["s", "i"], ["g"]),
      node("Concat", ["minus", "g"], ["t"], [makeInt("axis", 0)]),
      node("Reshape", ["x", "t"], ["y"]),
    ],
    weights: [int64s("i", [2]), int64s("minus", [-1])],
    ops: ["Reshape"],
  },
  "a dimension that is not known": {
    x: ["n", 3],
    nodes: [
      node("Shape", ["x"], ["s"]),
      node("Gather", ["s", "i"], ["g"]),
      node("Concat", ["g", "minus"], ["t"], [makeInt("axis", 0)]),
      node("Transpose", ["x"], ["p"]),
      node("Reshape", ["p", "t"], ["y"]),
    ],
    weights: [int64s("i", [0]), int64s("minus", [-1])],
    ops: ["Shape", "Gather", "Concat", "Transpose", "Reshape"],
  },
  "arithmetic in floating point is left to the runtime": {
    x: [10, 1],
    nodes: [
      node("Shape", ["x"], ["s"]),
      node("Cast", ["s"], ["f"], [makeInt("to", 1)]),
      node("Mul", ["f", "k"], ["m"]),
      node("Floor", ["m"], ["o"]),
      node("Cast", ["o"], ["i"], [makeInt("to", 7)]),
      node("Expand", ["one", "i"], ["e"]),
      node("Add", ["e", "x0"], ["y"]),
      node("ReduceMax", ["x"], ["x0"]),
    ],
    weights: [floats("k", [2], [0.7, 1]), floats("one", [1, 1], [1])],
    ops: ["ReduceMax", "Add"],
  },
  "constants computed with constants": {
    x: [2, 3],
    nodes: [node("Exp", ["w"], ["e"]), node("Softmax", ["e"], ["f"]), node("MatMul", ["x", "f"], ["y"])],
    weights: [weight("w", [3, 4], 5)],
    ops: ["MatMul"],
  },
  "a constant that is an output": {
    x: [2, 3],
    nodes: [node("Exp", ["w"], ["z"]), relu("x")],
    weights: [weight("w", [3], 5)],
    outputs: [any("y"), any("z")],
    ops: ["Constant", "Relu"],
  },
  "a constant larger than what it replaces": {
    x: [1],
    nodes: [
      node("ConstantOfShape", ["n"], ["c"], [makeTensorAttribute("value", floats("", [1], [3]))]),
      node("Add", ["c", "x"], ["y"]),
    ],
    weights: [int64s("n", [2000])],
    ops: ["ConstantOfShape", "Add"],
  },
  "a constant whose original goes, however large": {
    x: [2, 100],
    nodes: [node("Transpose", ["w"], ["t"]), node("MatMul", ["x", "t"], ["y"])],
    weights: [weight("w", [90, 100], 5)],
    ops: ["MatMul"],
  },
  "a transposition of weights that others read": {
    x: [2, 100],
    nodes: [
      node("Transpose", ["w"], ["t"]),
      node("MatMul", ["x", "t"], ["z"]),
      node("MatMul", ["z", "w"], ["y"]),
    ],
    weights: [weight("w", [90, 100], 5)],
    ops: ["Transpose", "MatMul", "MatMul"],
  },
  "quantised weights": {
    x: [2, 3],
    nodes: [
      node("QuantizeLinear", ["w", "q"], ["i"]),
      node("DequantizeLinear", ["i", "q"], ["f"]),
      node("MatMul", ["x", "f"], ["y"]),
    ],
    weights: [weight("w", [3, 4], 5), floats("q", [], [0.01])],
    ops: ["QuantizeLinear", "DequantizeLinear", "MatMul"],
  },
};

describe("constants", () => {
  itSimplifies(comparer, folding);

  it("are not made of random values", async () => {
    const { model: changed } = await simplified(
      build({
        x: [2],
        nodes: [
          node("RandomNormalLike", ["w"], ["r"], [makeFloat("scale", 0)]),
          node("Bernoulli", ["w"], ["q"]),
          node("Add", ["r", "q"], ["t"]),
          node("Add", ["t", "x"], ["y"]),
        ],
        weights: [floats("w", [2], [1, 1])],
        ops: ["RandomNormalLike", "Bernoulli", "Add", "Add"],
      }),
    );
    expect(opTypes(changed.graph)).toEqual(["RandomNormalLike", "Bernoulli", "Add", "Add"]);
  });
});

describe("hostile graphs", () => {
  it("do not make the file grow without end", async () => {
    const nodes = Array.from({ length: 40 }, (_, at) =>
      node(
        "Concat",
        [at === 0 ? "w" : `v${at - 1}`, at === 0 ? "w" : `v${at - 1}`],
        [`v${at}`],
        [makeInt("axis", 0)],
      ),
    );
    const source = build({
      x: [1],
      nodes: [...nodes, node("Add", ["v39", "x"], ["y"])],
      weights: [weight("w", [4], 1)],
      ops: [],
    });
    const { model: changed } = await simplified(source);
    const bytes = changed.graph.initializer.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
    expect(bytes).toBeLessThan(10_000);
  });

  it("do not hold up what can be computed when one node cannot run", async () => {
    const nodes = [
      node("Gather", ["w", "far"], ["g"]),
      node("Exp", ["w"], ["e"]),
      node("Add", ["e", "x"], ["a"]),
      node("Add", ["a", "g"], ["y"]),
    ];
    const source = build({ x: [1], nodes, weights: [weight("w", [4], 1), int64s("far", [99])], ops: [] });
    const { model: changed, result } = await simplified(source);
    expect(opTypes(changed.graph)).toEqual(["Gather", "Add", "Add"]);
    expect(result.skipped.map(({ reason }) => reason).join()).toMatch(
      /its constant value cannot be computed/,
    );
  });
});
