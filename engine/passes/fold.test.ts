import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { foldConstant } from "./fold.ts";
import { silent } from "./pass.ts";
import { quantizeDynamicSchema } from "./quantize.dynamic.schema.ts";
import { quantizeDynamic } from "./quantize.dynamic.ts";
import { floats, graph, int64s, model, names, node, opTypes, value, weight } from "./testing/build.ts";
import { Comparer } from "./testing/compare.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

function build(nodes: Node[], initializer: Tensor[], opset = 17): Model {
  return model(graph({ output: [value("y", ["n"])], node: nodes, initializer }), opset);
}

function fold(source: Model): { dims: number[]; data: number[] } | undefined {
  const index = indexModel(source);
  const main = index.scopes[0];
  if (main === undefined) throw new Error("no main graph");
  const found = foldConstant(index, main, "y");
  return found && { dims: found.tensor.dims, data: [...readFloats(found.tensor)] };
}

const t = floats("t", [2, 3], [1, 2, 3, 4, 5, 6]);

describe("weights put together from constants", () => {
  it("equal what ONNX Runtime computes", async () => {
    const variants: [Node[], Tensor[], number][] = [
      [
        [node("Slice", ["t", "s", "e", "a"], ["y"])],
        [t, int64s("s", [-2]), int64s("e", [99]), int64s("a", [-1])],
        17,
      ],
      [[node("Slice", ["t", "s", "e"], ["y"])], [t, int64s("s", [1]), int64s("e", [2])], 17],
      [[node("Concat", ["t", "u", "t"], ["y"], [makeInt("axis", 1)])], [t, floats("u", [2, 1], [7, 8])], 17],
      [[node("Concat", ["t", "t"], ["y"], [makeInt("axis", -2)])], [t], 17],
      [[node("Unsqueeze", ["t", "a"], ["y"])], [t, int64s("a", [0, -1])], 17],
      [[node("Unsqueeze", ["t"], ["y"], [makeInts("axes", [1])])], [t], 11],
      [[node("Squeeze", ["u", "a"], ["y"])], [floats("u", [1, 2, 1], [7, 8]), int64s("a", [-1])], 17],
    ];
    for (const [nodes, initializer, opset] of variants) {
      const source = build(nodes, initializer, opset);
      const found = fold(source);
      if (found === undefined) throw new Error(`${nodes[0]?.opType} is not folded`);
      const literal = build([node("Identity", ["c"], ["y"])], [floats("c", found.dims, found.data)]);
      const { error, outputs } = await comparer.compare(source, literal);
      expect(error).toBeUndefined();
      expect(outputs[0]?.maxAbs).toBe(0);
    }
  });

  it("are left to the runtime where they cannot be followed", () => {
    const step = [t, int64s("s", [0]), int64s("e", [3]), int64s("a", [1]), int64s("k", [2])];
    expect(fold(build([node("Slice", ["t", "s", "e", "a", "k"], ["y"])], step))).toBeUndefined();
    expect(fold(build([node("Relu", ["t"], ["y"])], [t]))).toBeUndefined();
    expect(
      fold(build([node("Concat", ["t", "u"], ["y"], [makeInt("axis", 0)])], [t, floats("u", [1], [1])])),
    ).toBeUndefined();
    expect(fold(build([node("Squeeze", ["t", "a"], ["y"])], [t, int64s("a", [0])]))).toBeUndefined();
  });

  it("do not let a small file ask for endless memory", () => {
    const nodes = Array.from({ length: 40 }, (_, at) =>
      node(
        "Concat",
        [at === 0 ? "t" : `v${at - 1}`, at === 0 ? "t" : `v${at - 1}`],
        [at === 39 ? "y" : `v${at}`],
        [makeInt("axis", 0)],
      ),
    );
    expect(fold(build(nodes, [t]))).toBeUndefined();
  });
});

it("an LSTM whose gates are put in order by the graph is quantised, and the pieces go", async () => {
  const gates = (name: string, size: number) => {
    const parts = [0, 3, 1, 2];
    return {
      nodes: [
        ...parts.map((gate) =>
          node("Slice", [name, `s${gate}`, `s${gate + 1}`, "axis0"], [`${name}_${gate}`]),
        ),
        node(
          "Concat",
          parts.map((gate) => `${name}_${gate}`),
          [`${name}_all`],
          [makeInt("axis", 0)],
        ),
        node("Unsqueeze", [`${name}_all`, "axis0"], [`${name}_3d`]),
      ],
      tensor: weight(name, [24, size], size, 0.4),
    };
  };
  const [w, r] = [gates("W", 8), gates("R", 6)];
  const source = model(
    graph({
      input: [value("x", [5, 2, 8])],
      output: [value("y", [5, 1, 2, 6])],
      node: [...w.nodes, ...r.nodes, node("LSTM", ["x", "W_3d", "R_3d"], ["y"], [makeInt("hidden_size", 6)])],
      initializer: [
        w.tensor,
        r.tensor,
        int64s("axis0", [0]),
        ...[0, 1, 2, 3, 4].map((gate) => int64s(`s${gate}`, [gate * 6])),
      ],
    }),
  );
  const changed = cloneStructure(source);
  const result = await quantizeDynamic(
    changed,
    quantizeDynamicSchema.parse({ use: "quantize.dynamic" }),
    silent,
  );
  expect(result.changed).toHaveLength(1);
  expect(opTypes(changed.graph)).toEqual(["DynamicQuantizeLSTM"]);
  expect(names(changed.graph.initializer)).not.toContain("W");
  const { error, outputs } = await comparer.compare(source, changed);
  expect(error).toBeUndefined();
  expect(outputs[0]?.cosine).toBeGreaterThan(0.999);
});
