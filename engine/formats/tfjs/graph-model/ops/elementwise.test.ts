import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, describe, it } from "vitest";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { convertTensorflowJs } from "../../convert.ts";
import { expectOutput } from "../../testing/compare.ts";
import { attr, expectSameGraph, TestGraph } from "../../testing/graph.ts";
import { filesFor } from "../../testing/save.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const countOf = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);

function numbers(shape: number[], seed: number, low = -3, high = 3): tf.Tensor {
  const values = Float32Array.from(
    noise(countOf(shape), seed),
    (value) => low + ((value + 1) / 2) * (high - low),
  );
  return tf.tensor(values, shape);
}

function whole(shape: number[], seed: number, low: number, high: number): tf.Tensor {
  const values = Int32Array.from(
    noise(countOf(shape), seed),
    (value) => low + Math.floor(((value + 1) / 2) * (high - low + 0.999)),
  );
  return tf.tensor(values, shape, "int32");
}

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

/** Pairs that broadcast: some axes of one are 1, or missing. */
const pairs = fc
  .tuple(shapes, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(3), fc.boolean())
  .map(([shape, ones, cut, isTurned]): [number[], number[]] => {
    const other = shape.map((dim, at) => (ones[at] ? 1 : dim)).slice(Math.min(cut, shape.length - 1));
    return isTurned ? [other, shape] : [shape, other];
  });

describe("operators of one value", () => {
  const ranges: Record<string, [number, number]> = {
    Abs: [-5, 5],
    Ceil: [-5, 5],
    Cos: [-5, 5],
    Elu: [-5, 5],
    Erf: [-3, 3],
    Exp: [-5, 5],
    Expm1: [-2, 2],
    Floor: [-5, 5],
    Identity: [-5, 5],
    LeakyRelu: [-5, 5],
    Log: [0.01, 9],
    Log1p: [0, 9],
    LogSoftmax: [-30, 30],
    Neg: [-5, 5],
    OnesLike: [-5, 5],
    Reciprocal: [0.1, 9],
    Relu: [-5, 5],
    Relu6: [-9, 9],
    Round: [-9, 9],
    Rsqrt: [0.1, 9],
    Selu: [-5, 5],
    Sigmoid: [-30, 30],
    Sign: [-5, 5],
    Sin: [-5, 5],
    Softmax: [-30, 30],
    Softplus: [-30, 30],
    Sqrt: [0, 9],
    Square: [-9, 9],
    StopGradient: [-5, 5],
    Tan: [-1, 1],
    Tanh: [-9, 9],
    ZerosLike: [-5, 5],
  };

  it.each(Object.entries(ranges))("%s", async (op, [low, high]) => {
    for (const shape of [[5], [2, 3], [2, 1, 3, 2]]) {
      const graph = new TestGraph();
      graph.node(
        op,
        [graph.input("x", [-1, ...shape.slice(1)])],
        op === "LeakyRelu" ? { alpha: attr.float(0.3) } : {},
      );
      await expectSameGraph(graph.saved(), [{ x: numbers(shape, 3, low, high) }]);
    }
  });

  it("Cast between the types", async () => {
    for (const to of ["float32", "int32", "bool"] as const) {
      for (const from of ["float32", "int32", "bool"] as const) {
        const graph = new TestGraph();
        graph.node("Cast", [graph.input("x", [6], from)], { SrcT: attr.type(from), DstT: attr.type(to) });
        await expectSameGraph(graph.saved(), [{ x: tf.cast(tf.tensor1d([-2.7, -1, 0, 0.4, 1, 3.9]), from) }]);
      }
    }
  });

  it("LogicalNot, ClipByValue, Prelu", async () => {
    const graph = new TestGraph();
    graph.node("LogicalNot", [graph.input("x", [3], "bool")]);
    await expectSameGraph(graph.saved(), [{ x: tf.tensor1d([true, false, true], "bool") }]);
    const clip = new TestGraph();
    clip.node("ClipByValue", [
      clip.input("x", [-1, 5]),
      clip.constant("a", [-1], []),
      clip.constant("b", [2], []),
    ]);
    await expectSameGraph(clip.saved(), [{ x: numbers([3, 5], 4) }]);
    const prelu = new TestGraph();
    prelu.node("Prelu", [prelu.input("x", [-1, 5]), prelu.constant("slopes", [0, 0.5, -1, 2, 1])]);
    await expectSameGraph(prelu.saved(), [{ x: numbers([3, 5], 4) }]);
  });
});

describe("operators of two values", () => {
  const floats = [
    "Add",
    "AddV2",
    "Sub",
    "Mul",
    "RealDiv",
    "Div",
    "Maximum",
    "Minimum",
    "SquaredDifference",
    "FloorDiv",
    "FloorMod",
    "Mod",
    "DivNoNan",
  ];
  const tests = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"];

  it.each(floats)("%s of floats", async (op) => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.boolean(), async ([a, b], isConstant) => {
        const graph = new TestGraph();
        const right = numbers(b, 5, 0.3, 3);
        const other = isConstant ? graph.constant("b", [...right.dataSync()], b) : graph.input("b", b);
        graph.node(op, [graph.input("a", a), other]);
        await expectSameGraph(graph.saved(), [{ a: numbers(a, 4), ...(!isConstant && { b: right }) }]);
      }),
      { numRuns: 12 },
    );
  });

  it.each(["Add", "Sub", "Mul", "Maximum", "Minimum", "Div", "FloorDiv", "FloorMod"])(
    "%s of whole numbers",
    async (op) => {
      await fc.assert(
        fc.asyncProperty(pairs, async ([a, b]) => {
          const graph = new TestGraph();
          graph.node(op, [graph.input("a", a, "int32"), graph.input("b", b, "int32")]);
          await expectSameGraph(graph.saved(), [{ a: whole(a, 4, -9, 9), b: whole(b, 5, 1, 4) }]);
        }),
        { numRuns: 12 },
      );
    },
  );

  it.each(tests)("%s", async (op) => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([a, b]) => {
        const graph = new TestGraph();
        graph.node(op, [graph.input("a", a), graph.input("b", b)]);
        await expectSameGraph(graph.saved(), [
          { a: tf.cast(whole(a, 4, -2, 2), "float32"), b: tf.cast(whole(b, 5, -2, 2), "float32") },
        ]);
      }),
      { numRuns: 12 },
    );
  });

  it("Pow, LogicalAnd, LogicalOr, BiasAdd, AddN", async () => {
    const pow = new TestGraph();
    pow.node("Pow", [pow.input("a", [4]), pow.constant("b", [0, 1, 2, 0.5])]);
    await expectSameGraph(pow.saved(), [{ a: numbers([4], 3, 0.1, 3) }]);
    for (const op of ["LogicalAnd", "LogicalOr"]) {
      const graph = new TestGraph();
      graph.node(op, [graph.input("a", [4], "bool"), graph.input("b", [4], "bool")]);
      const [a, b] = [
        tf.tensor1d([true, true, false, false], "bool"),
        tf.tensor1d([true, false, true, false], "bool"),
      ];
      await expectSameGraph(graph.saved(), [{ a, b }]);
    }
    const bias = new TestGraph();
    bias.node("BiasAdd", [bias.input("x", [-1, 2, 3]), bias.constant("b", [1, 2, 3])]);
    await expectSameGraph(bias.saved(), [{ x: numbers([2, 2, 3], 3) }]);
    for (const dtype of ["float32", "int32"] as const) {
      const sum = new TestGraph();
      sum.node(
        "AddN",
        ["a", "b", "c"].map((name) => sum.input(name, [2, 3], dtype)),
      );
      const feed = (seed: number) => (dtype === "int32" ? whole([2, 3], seed, -5, 5) : numbers([2, 3], seed));
      await expectSameGraph(sum.saved(), [{ a: feed(1), b: feed(2), c: feed(3) }]);
    }
  });

  it("Select and SelectV2", async () => {
    const test = tf.tensor1d([true, false, true], "bool");
    const same = new TestGraph();
    same.node("Select", [same.input("t", [3], "bool"), same.input("a", [3]), same.input("b", [3])]);
    await expectSameGraph(same.saved(), [{ t: test, a: numbers([3], 1), b: numbers([3], 2) }]);
    // A condition for each row, which TensorFlow.js does not run.
    const rows = new TestGraph();
    const [a, b] = [numbers([3, 2], 1), numbers([3, 2], 2)];
    rows.node("Select", [
      rows.constant("t", [1, 0, 1], [3], "bool"),
      rows.input("a", [3, 2]),
      rows.constant("b", [...b.dataSync()], [3, 2]),
    ]);
    const wanted = tf.where(tf.tile(tf.expandDims(test, 1), [1, 2]), a, b);
    await expectOutput(convertTensorflowJs(filesFor(rows.saved())).model, a, wanted);
    const wide = new TestGraph();
    wide.node("SelectV2", [wide.input("t", [3], "bool"), wide.input("a", [2, 3]), wide.input("b", [3])]);
    await expectSameGraph(wide.saved(), [{ t: test, a: numbers([2, 3], 1), b: numbers([3], 2) }]);
  });
});

describe("reductions", () => {
  const cases = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.subarray(shape.map((_, at) => at)),
      keeps: fc.boolean(),
      isNegative: fc.boolean(),
    }),
  );

  it.each(["Mean", "Sum", "Max", "Min", "Prod"])("%s", async (op) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, axes, keeps, isNegative }) => {
        fc.pre(axes.length > 0);
        const graph = new TestGraph();
        const list = graph.ints(
          "axes",
          axes.map((axis) => (isNegative ? axis - shape.length : axis)),
        );
        graph.node(op, [graph.input("x", shape), list], { keep_dims: attr.bool(keeps) });
        await expectSameGraph(graph.saved(), [{ x: numbers(shape, 4) }]);
      }),
      { numRuns: 20 },
    );
  });

  it("All, Any, ArgMax, ArgMin, Cumsum, TopKV2", async () => {
    for (const op of ["All", "Any"]) {
      const graph = new TestGraph();
      graph.node(op, [graph.input("x", [2, 3], "bool"), graph.ints("axes", [1])]);
      await expectSameGraph(graph.saved(), [
        {
          x: tf.tensor2d(
            [
              [1, 1, 1],
              [0, 1, 0],
            ],
            [2, 3],
            "bool",
          ),
        },
      ]);
    }
    for (const op of ["ArgMax", "ArgMin"]) {
      const graph = new TestGraph();
      graph.node(op, [graph.input("x", [-1, 4, 3]), graph.ints("axis", [-1], [])]);
      await expectSameGraph(graph.saved(), [{ x: numbers([2, 4, 3], 4) }]);
    }
    for (const [exclusive, reverse] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const graph = new TestGraph();
      graph.node("Cumsum", [graph.input("x", [-1, 4]), graph.ints("axis", [1], [])], {
        exclusive: attr.bool(exclusive),
        reverse: attr.bool(reverse),
      });
      await expectSameGraph(graph.saved(), [{ x: numbers([2, 4], 4) }]);
    }
    const top = new TestGraph();
    const node = top.node("TopKV2", [top.input("x", [-1, 5]), top.ints("k", [3], [])], {
      sorted: attr.bool(true),
    });
    top.node("Identity", [`${node}:1`], {}, "places");
    top.node("Identity", [node], {}, "values");
    await expectSameGraph(top.saved(), [{ x: numbers([2, 5], 4) }]);
  });

  it("OneHot, also of places that are none", async () => {
    for (const axis of [-1, 0, 1]) {
      const graph = new TestGraph();
      const inputs = [
        graph.input("x", [4], "int32"),
        graph.ints("depth", [3], []),
        graph.constant("on", [2], []),
        graph.constant("off", [-1], []),
      ];
      graph.node("OneHot", inputs, { axis: attr.int(axis), T: attr.type("float32") });
      const { model } = convertTensorflowJs(filesFor(graph.saved()));
      const wanted = tf.tensor2d([
        [2, -1, -1],
        [-1, -1, 2],
        [-1, -1, -1],
        [-1, -1, -1],
      ]);
      await expectOutput(
        model,
        tf.tensor1d([0, 2, 3, -1], "int32"),
        axis === 0 ? tf.transpose(wanted) : wanted,
      );
    }
  });
});
