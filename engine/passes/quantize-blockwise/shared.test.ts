import { afterAll, describe, expect, it } from "vitest";
import { makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { graph, graphAttribute, model, names, node, opTypes, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { initializersOf } from "../testing/describe.ts";
import { dense, expectSound, quantize, x } from "./testing/sound.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** Embedding whose table is the output layer too, through a Transpose or Gemm's transB. */
function tied(width: number, gemm: boolean): Model {
  const head = gemm
    ? [node("Gemm", ["h", "tied"], ["logits"], [makeInt("transB", 1)])]
    : [
        node("Transpose", ["tied"], ["head"], [makeInts("perm", [1, 0])]),
        node("MatMul", ["h", "head"], ["logits"]),
      ];
  return model(
    graph({
      input: [value("ids", [3], "int64")],
      output: [value("logits", [3, 40])],
      node: [
        node("Gather", ["table", "ids"], ["rows"]),
        node("Tanh", ["rows"], ["h"]),
        node("Identity", ["table"], ["tied"]),
        ...head,
      ],
      initializer: [weight("table", [40, width])],
    }),
  );
}

describe("shared and tied weights", () => {
  it.each([true, false])("stores a tied embedding once (Gemm: %s)", async (gemm) => {
    for (const symmetric of [true, false]) {
      const source = tied(48, gemm);
      const { changed, result } = await quantize(source, { symmetric });
      expect(result.changed).toHaveLength(2);
      expect(names(changed.graph.initializer)).toEqual([
        "table_Q4",
        "table_scales",
        ...(symmetric ? [] : ["table_zero_points"]),
        "table_Q4_shape",
      ]);
      expect(opTypes(changed.graph)).toEqual(["Reshape", "GatherBlockQuantized", "Tanh", "MatMulNBits"]);
      await expectSound(comparer, source, changed);
    }
  });

  it("stores it twice where its rows are no whole number of blocks", async () => {
    const source = tied(40, true);
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toEqual([
      "table_Q4",
      "table_scales",
      "table_Q4_1",
      "table_scales_1",
    ]);
    await expectSound(comparer, source, changed);
  });

  it("quantises a tensor that two nodes share once, and once more for a reader of its transpose", async () => {
    const source = dense([
      node("MatMul", ["x", "w"], ["a"]),
      node("MatMul", ["a", "w"], ["b"]),
      node("Gemm", ["b", "w"], ["y"], [makeInt("transB", 1)]),
    ]);
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(3);
    expect(names(changed.graph.initializer)).toEqual(["w_Q4", "w_scales", "w_Q4_1", "w_scales_1"]);
    await expectSound(comparer, source, changed);
  });

  it("keeps the float values where another node reads them, bit for bit, and says so", async () => {
    const source = dense([
      node("ReduceMean", ["w"], ["s"], [makeInts("axes", [1]), makeInt("keepdims", 0)]),
      node("MatMul", ["x", "w"], ["a"]),
      node("Mul", ["a", "s"], ["y"]),
    ]);
    const { changed, result } = await quantize(source);
    expect(initializersOf(changed.graph).w).toBe(initializersOf(source.graph).w);
    expect(result.warnings).toEqual([
      "The float values of w stay in the file as well: nodes that cannot be quantised read them",
    ]);
    await expectSound(comparer, source, changed);
  });

  it("quantises a weight that is a Constant node", async () => {
    const constant = node("Constant", [], ["w"], [makeTensorAttribute("value", weight("", [64, 64]))]);
    const source = dense([constant, node("MatMul", ["x", "w"], ["y"])], []);
    const { changed } = await quantize(source);
    expect(opTypes(changed.graph)).toEqual(["MatMulNBits"]);
    await expectSound(comparer, source, changed);
  });

  it("gives new names where the wanted ones are taken", async () => {
    const source = dense(
      [node("MatMul", ["x", "w"], ["w_Q4"]), node("Add", ["w_Q4", "w_scales"], ["y"])],
      [weight("w", [64, 64]), weight("w_scales", [64], 3)],
    );
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toEqual(["w_scales", "w_Q4_1", "w_scales_1"]);
    await expectSound(comparer, source, changed);
  });

  it("leaves the bytes of the original alone", async () => {
    const source = dense([node("MatMul", ["x", "w"], ["y"])]);
    const before = Buffer.concat(encodeModel(source));
    await quantize(source);
    expect(Buffer.concat(encodeModel(source)).equals(before)).toBe(true);
  });
});

describe("several steps", () => {
  it("tables in 8 bits, then matrices in 4", async () => {
    const source = model(
      graph({
        input: [value("ids", [3], "int64")],
        output: [value("y", [3, 20])],
        node: [node("Gather", ["table", "ids"], ["rows"]), node("MatMul", ["rows", "w"], ["y"])],
        initializer: [weight("table", [40, 64]), weight("w", [64, 20], 2)],
      }),
    );
    const first = await quantize(source, { op_types: ["Gather"], bits: 8 });
    const { changed, result } = await quantize(first.changed, {});
    expect(result.changed.map(({ name }) => name)).toEqual(["n_y"]);
    expect(names(changed.graph.initializer)).toEqual(["table_Q8", "table_scales", "w_Q4", "w_scales"]);
    expect(changed.opsetImport.filter(({ domain }) => domain === "com.microsoft")).toHaveLength(1);
    await expectSound(comparer, source, changed);
  });
});

describe("subgraphs and inputs", () => {
  it("quantises both branches of If, weights outside and inside", async () => {
    const branch = (name: string, weightName: string, own: boolean) =>
      graph({
        name,
        output: [value(`${name}_y`, [4, 64])],
        node: [node("MatMul", ["x", weightName], [`${name}_y`])],
        initializer: own ? [weight(weightName, [64, 64], 3)] : [],
      });
    const source = model(
      graph({
        input: [x, value("c", [], "bool")],
        output: [value("y", [4, 64])],
        node: [
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("yes", "w", false)),
              graphAttribute("else_branch", branch("no", "v", true)),
            ],
          ),
        ],
        initializer: [weight("w", [64, 64])],
      }),
    );
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(2);
    expect(names(changed.graph.initializer)).toEqual(["w_Q4", "w_scales"]);
    const inner = changed.graph.node[0]?.attribute.map((attribute) => names(attribute.g?.initializer ?? []));
    expect(inner).toEqual([[], ["v_Q4", "v_scales"]]);
    for (const seed of [1, 2, 3, 4]) await expectSound(comparer, source, changed, { seed });
  });

  it("takes the input away that could have overridden a quantised weight, and says so", async () => {
    const source = dense([node("MatMul", ["x", "w"], ["y"])]);
    source.graph.input.push(value("w", [64, 64]));
    const { changed, result } = await quantize(source);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x"]);
    expect(result.warnings).toEqual(["Inputs that held the defaults of weights are gone: w"]);
    source.irVersion = 3;
    expect((await quantize(source)).changed.irVersion).toBe(4);
  });
});
