import { describe, expect, it } from "vitest";
import { makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { graph, model, names, node, value, weight } from "../testing/build.ts";
import { formats, image, ops, run, unlike, useComparer, x, y } from "./testing/checks.ts";

const { check } = useComparer();

describe("weights wherever they stand", () => {
  it("a matrix that a Gemm reads transposed and a MatMul as it is", async () => {
    const nodes = [
      node("Gemm", ["x", "w", "b"], ["a"], [makeInt("transB", 1)]),
      node("MatMul", ["a", "w"], ["y"]),
    ];
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2)];
    await check(model(graph({ input: [x], output: [y], node: nodes, initializer })), {}, 0.999, unlike);
  });

  it("a table that serves as output matrix too, through Transpose and Identity", async () => {
    const nodes = [
      node("Gather", ["table", "ids"], ["rows"]),
      node("Identity", ["table"], ["tied"]),
      node("Transpose", ["tied"], ["columns"], [makeInts("perm", [1, 0])]),
      node("MatMul", ["rows", "columns"], ["y"]),
    ];
    const source = model(
      graph({
        input: [value("ids", ["n"], "int64")],
        output: [value("y", ["n", 12])],
        node: nodes,
        initializer: [weight("table", [12, 32])],
      }),
    );
    const made = await check(source);
    for (const format of formats) expect(ops(made[format])).not.toContain("Transpose");
  });

  it("a Constant node", async () => {
    const constant = node("Constant", [], ["w"], [makeTensorAttribute("value", weight("w", [16, 16]))]);
    const source = model(
      graph({ input: [x], output: [y], node: [constant, node("MatMul", ["x", "w"], ["y"])] }),
    );
    const made = await check(source);
    expect(names(made.qdq?.graph.initializer ?? [])).toContain("w_quantized");
    expect(ops(made.qdq)).not.toContain("Constant");
  });

  it("a default that a caller could override becomes a constant, with a warning", async () => {
    const source = model(
      graph({
        input: [x, value("w", [16, 16]), value("b", [16])],
        output: [y],
        node: [node("Gemm", ["x", "w", "b"], ["y"])],
        initializer: [weight("w", [16, 16]), weight("b", [16], 2)],
      }),
    );
    const { changed, result } = await run(source);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x"]);
    expect(result.warnings.join()).toContain("gone");
  });

  it("IR version 3 and an opset without quantisation are raised", async () => {
    const source = model(
      graph({
        input: [image, value("w", [6, 4, 3, 3])],
        output: [value("y", ["n", 6, 6, 6])],
        node: [node("Conv", ["x", "w"], ["y"])],
        initializer: [weight("w", [6, 4, 3, 3])],
      }),
      8,
      3,
    );
    const made = await check(source);
    expect(made.qdq?.opsetImport[0]?.version).toBe(13);
    expect(made.qoperator?.opsetImport[0]?.version).toBe(11);
  });

  it("weights of rank 3 have one scale per tensor", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4, 16])],
        output: [value("y", [2, 4, 8])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [2, 16, 8])],
      }),
    );
    await check(source);
  });

  it("uint8 weights beside int8 activations become int8: there are no kernels for the mixture", async () => {
    const source = model(
      graph({
        input: [image],
        output: [value("y", ["n", 6, 6, 6])],
        node: [node("Conv", ["x", "w"], ["y"])],
        initializer: [weight("w", [6, 4, 3, 3])],
      }),
    );
    await check(source, { activation_type: "int8", weight_type: "uint8" }, 0.999, unlike);
  });

  it("float16 weights are not touched", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4], "float16")],
        output: [value("y", [2, 4], "float16")],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [makeTensor("w", "float16", [4, 4], new Uint16Array(16).fill(0x3c00))],
      }),
    );
    const { result } = await run(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toContain("no node that can be quantised has a float32 weight");
  });
});
