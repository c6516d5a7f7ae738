import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { silent } from "../pass.ts";
import { quantizeDynamicSchema } from "../quantize.dynamic.schema.ts";
import { quantizeDynamic } from "../quantize.dynamic.ts";
import { graph, model, names, node, opTypes, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { inEnglish } from "../testing/in-english.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function quantized(source: Model) {
  const changed = cloneStructure(source);
  const result = await quantizeDynamic(
    changed,
    quantizeDynamicSchema.parse({ use: "quantize.dynamic" }),
    silent,
  );
  const { error, outputs } = await comparer.compare(source, changed);
  expect(error).toBeUndefined();
  for (const output of outputs) expect(output.cosine, output.name).toBeGreaterThan(0.999);
  return { changed, result: inEnglish(result) };
}

const x = value("x", [4, 16]);
const y = value("y", [4, 16]);
const w = () => weight("w", [16, 16]);

describe("files of other times and makers", () => {
  it("IR version 3, where initialisers are inputs as well, moves on and keeps them constant", async () => {
    const nodes = [node("MatMul", ["x", "w"], ["a"]), node("Add", ["a", "b"], ["y"])];
    const input = [x, value("w", [16, 16]), value("b", [16])];
    const source = model(
      graph({ input, output: [y], node: nodes, initializer: [w(), weight("b", [16])] }),
      8,
      3,
    );
    const { changed, result } = await quantized(source);
    expect(changed.irVersion).toBe(6);
    expect(changed.opsetImport).toEqual([{ domain: "", version: 11 }]);
    expect(changed.graph.input.map((entry) => entry.name)).toEqual(["x"]);
    expect(result.warnings).toEqual([]);
  });

  it("a default that a caller could override becomes a constant, with a warning", async () => {
    const source = model(
      graph({
        input: [x, value("w", [16, 16])],
        output: [y],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [w()],
      }),
    );
    const { changed, result } = await quantized(source);
    expect(changed.graph.input.map((entry) => entry.name)).toEqual(["x"]);
    expect(result.warnings[0]).toContain("gone: w");
  });

  it("an old opset is raised with every operator", async () => {
    const source = model(
      graph({
        input: [x],
        output: [value("y", [4, 8])],
        node: [
          node("MatMul", ["x", "w"], ["a"]),
          node(
            "Slice",
            ["a"],
            ["y"],
            [makeInts("axes", [1]), makeInts("starts", [0]), makeInts("ends", [8])],
          ),
        ],
        initializer: [w()],
      }),
      9,
      4,
    );
    const { changed } = await quantized(source);
    expect(changed.opsetImport).toEqual([{ domain: "", version: 11 }]);
  });

  it("names that the quantiser would use may be taken", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y, value("w_scale", [4, 16]), value("x_quantized", [4, 16])],
        node: [
          node("Relu", ["x"], ["w_scale"]),
          node("Neg", ["x"], ["x_quantized"]),
          node("MatMul", ["x", "w"], ["y"]),
        ],
        initializer: [w()],
      }),
    );
    const { changed } = await quantized(source);
    expect(names(changed.graph.initializer)).toEqual(["w_scale_1", "w_zero_point", "w_quantized"]);
  });

  it("nodes without names, nodes whose names collide with new ones, and nodes out of order", async () => {
    const bare = (op: string, input: string[], output: string[], name?: string) => ({
      ...node(op, input, output),
      name,
    });
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          bare("Add", ["c", "d"], ["y"]),
          bare("MatMul", ["x", "w"], ["a"]),
          bare("MatMul", ["x", "w"], ["b"]),
          bare("MatMul", ["a", "w"], ["c"], "first"),
          bare("MatMul", ["b", "v"], ["d"], "first_quant"),
        ],
        initializer: [w(), weight("v", [16, 16], 5)],
      }),
    );
    // ONNX Runtime orders the nodes of the main graph itself when it loads them.
    const { changed } = await quantized(source);
    expect(opTypes(changed.graph).filter((op) => op === "MatMulInteger")).toHaveLength(4);
    const used = changed.graph.node.map((entry) => entry.name).filter((name) => name);
    expect(new Set(used).size).toBe(used.length);
  });
});
