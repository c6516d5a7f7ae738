import { describe, expect, it } from "vitest";
import { makeInt, makeNode, makeString } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { attributeType } from "#engine/onnx/model.ts";
import { inferShapes } from "./infer.ts";
import { operatorsWithRules, ruleOf } from "./rules.ts";

const ints = (name: string, values: number[]) =>
  makeTensor(name, "int64", [values.length], BigInt64Array.from(values, BigInt));

describe("what a graph computes of shapes", () => {
  const inferred = (...parts: Parameters<typeof makeGraph>) => {
    const model = makeModel(makeGraph(...parts));
    return inferShapes(model).info(model.graph, "y")?.shape;
  };
  const x = makeValue("x", "float32", ["batch", "seq", 48]);
  const y = { name: "y" };

  it("a symbol goes through Shape, Gather, Concat and Reshape", () => {
    const node = [
      makeNode("Shape", ["x"], ["s"]),
      makeNode("Gather", ["s", "zero"], ["b"]),
      makeNode("Unsqueeze", ["b", "axis"], ["b1"]),
      makeNode("Concat", ["b1", "rest"], ["target"], { attribute: [makeInt("axis", 0)] }),
      makeNode("Reshape", ["x", "target"], ["y"]),
    ];
    const initializer = [
      makeTensor("zero", "int64", [], BigInt64Array.of(0n)),
      ints("axis", [0]),
      ints("rest", [-1, 4, 12]),
    ];
    expect(inferred({ node, input: [x], output: [y], initializer })).toEqual(["batch", "seq", 4, 12]);
  });

  it("what does not follow stays unknown", () => {
    expect(inferred({ node: [makeNode("NonZero", ["x"], ["y"])], input: [x], output: [y] })).toEqual([
      3,
      undefined,
    ]);
    expect(inferred({ node: [makeNode("Mystery", ["x"], ["y"])], input: [x], output: [y] })).toBeUndefined();
  });

  it("declared shapes fill the gaps", () => {
    const declared = makeValue("y", "float32", ["batch", 10]);
    expect(inferred({ node: [makeNode("Mystery", ["x"], ["y"])], input: [x], output: [declared] })).toEqual([
      "batch",
      10,
    ]);
  });

  it("a faulty attribute is reported and ends nothing", () => {
    const model = makeModel(
      makeGraph({
        node: [
          makeNode("Softmax", ["x"], ["h"]),
          makeNode("Concat", ["h"], ["y"], { attribute: [makeString("axis", "last")] }),
        ],
        input: [x],
        output: [y],
      }),
    );
    const shapes = inferShapes(model);
    expect(shapes.problems[0]?.message).toMatch(/"axis" of Concat is not an integer/);
    expect(shapes.info(model.graph, "h")?.shape).toEqual(["batch", "seq", 48]);
  });

  // Before opset 9 Scan had lengths as its first input and a batch that its body does not see.
  it.each([
    [8, ["", "start", "x"], [7, 2], [7, 5, 2]],
    [9, ["start", "x"], [2], [5, 2]],
  ])(
    "Scan of opset %d tells a body that declares nothing what it works on",
    (opset, input, state, sequence) => {
      const body = makeGraph({
        input: [{ name: "sum_in" }, { name: "next" }],
        output: [{ name: "sum" }, { name: "seen" }],
        node: [makeNode("Add", ["sum_in", "next"], ["sum"]), makeNode("Identity", ["sum"], ["seen"])],
      });
      const attribute = [makeInt("num_scan_inputs", 1), { name: "body", g: body, type: attributeType.graph }];
      const model = makeModel(
        makeGraph({
          input: [makeValue("start", "float32", state), makeValue("x", "float32", sequence)],
          output: [{ name: "y" }, { name: "z" }],
          node: [makeNode("Scan", input, ["y", "z"], { attribute })],
        }),
        { opset },
      );
      const shapes = inferShapes(model);
      expect(shapes.info(body, "next")).toMatchObject({ dtype: 1, shape: [2] });
      expect(shapes.info(body, "seen")).toMatchObject({ dtype: 1, shape: [2] });
      expect(shapes.info(model.graph, "y")).toMatchObject({ dtype: 1, shape: state });
      expect(shapes.info(model.graph, "z")).toMatchObject({ dtype: 1, shape: sequence });
    },
  );

  it("covers the operators it should", () => {
    expect(operatorsWithRules().length).toBeGreaterThan(150);
    expect(ruleOf("some.vendor", "Conv")).toBeUndefined();
  });
});

describe("strict inference", () => {
  const shapeOf = (strict: boolean, ...parts: Parameters<typeof makeGraph>) => {
    const model = makeModel(makeGraph(...parts));
    return inferShapes(model, { strict }).info(model.graph, "y")?.shape;
  };
  const x = makeValue("x", "float32", ["n", 2]);

  it("does not believe declared shapes of inner values and outputs", () => {
    const parts = {
      node: [makeNode("Mystery", ["x"], ["a"]), makeNode("Relu", ["a"], ["y"])],
      input: [x],
      output: [makeValue("y", "float32", [1, 2])],
      valueInfo: [makeValue("a", "float32", [1, 2])],
    };
    expect(shapeOf(false, parts)).toEqual([1, 2]);
    expect(shapeOf(true, parts)).toBeUndefined();
  });

  it("does not take a default that a caller may override for a constant", () => {
    const parts = {
      node: [makeNode("Reshape", ["x", "s"], ["y"])],
      input: [x, makeValue("s", "int64", [1])],
      output: [{ name: "y" }],
      initializer: [ints("s", [6])],
    };
    expect(shapeOf(false, parts)).toEqual([6]);
    expect(shapeOf(true, parts)).toEqual([undefined]);
  });

  it("knows nothing of a loop's state that takes more turns to change than are followed", () => {
    // Each state takes the one before it: the growth of the first reaches the last after as many turns.
    const names = Array.from({ length: 12 }, (_, at) => `s${at}`);
    const body = makeGraph({
      name: "body",
      input: [
        makeValue("i", "int64", []),
        makeValue("k", "bool", []),
        ...names.map((name) => makeValue(name, "float32", [2])),
      ],
      node: [
        makeNode("Identity", ["k"], ["k2"]),
        makeNode("Concat", ["s0", "s0"], ["t0"], { attribute: [makeInt("axis", 0)] }),
        ...names.slice(1).map((_, at) => makeNode("Identity", [`s${at}`], [`t${at + 1}`])),
      ],
      output: ["k2", ...names.map((_, at) => `t${at}`)].map((name) => ({ name })),
    });
    const loop = makeNode(
      "Loop",
      ["n", "", ...names.map(() => "v")],
      names.map((_, at) => (at === 11 ? "y" : `o${at}`)),
      {
        attribute: [{ name: "body", g: body, type: attributeType.graph }],
      },
    );
    const parts = {
      node: [loop],
      input: [makeValue("v", "float32", [2])],
      output: [{ name: "y" }],
      initializer: [makeTensor("n", "int64", [], BigInt64Array.of(20n))],
    };
    expect(shapeOf(true, parts)).toBeUndefined();
  });

  it("multiplies sizes by scales as ONNX Runtime does, in float32", () => {
    const parts = {
      node: [makeNode("Resize", ["v", "", "scales"], ["y"])],
      input: [makeValue("v", "float32", [10, 10])],
      output: [{ name: "y" }],
      initializer: [makeTensor("scales", "float32", [2], Float32Array.of(0.7, 1))],
    };
    expect(shapeOf(true, parts)).toEqual([7, 10]);
  });
});
