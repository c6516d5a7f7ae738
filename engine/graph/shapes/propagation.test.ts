import { describe, expect, it } from "vitest";
import { makeInt, makeNode, makeString } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
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

  it("covers the operators it should", () => {
    expect(operatorsWithRules().length).toBeGreaterThan(150);
    expect(ruleOf("some.vendor", "Conv")).toBeUndefined();
  });
});
