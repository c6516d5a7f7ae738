import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { compressModel } from "../compress.ts";
import { checkRecipe } from "../recipes.ts";
import { graph, graphAttribute, model, node, value, weight } from "./testing/build.ts";
import { Comparer } from "./testing/compare.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const width = 32;
const kinds = ["matmul", "gemm", "gemmT", "relu", "max", "residual", "transposed", "norm", "if"] as const;

/** A network of layers of one width, some of which share their weights; `share` picks the tensor of a layer. */
function network(layers: readonly { kind: (typeof kinds)[number]; share: number }[]): Model {
  const nodes: Node[] = [];
  const tensors = new Map<string, Tensor>();
  const use = (name: string, dims: number[]) => {
    tensors.set(name, tensors.get(name) ?? weight(name, dims, tensors.size + 3, 0.5));
    return name;
  };
  let last = "x";
  layers.forEach(({ kind, share }, at) => {
    const out = at === layers.length - 1 ? "y" : `v${at}`;
    const w = () => use(`w${share}`, [width, width]);
    if (kind === "matmul") nodes.push(node("MatMul", [last, w()], [out]));
    else if (kind === "gemm") nodes.push(node("Gemm", [last, w(), use(`b${share}`, [width])], [out]));
    else if (kind === "gemmT") nodes.push(node("Gemm", [last, w()], [out], [makeInt("transB", 1)]));
    else if (kind === "relu") nodes.push(node("Tanh", [last], [out]));
    else if (kind === "max") nodes.push(node("Max", [last, use(`b${share}`, [width])], [out]));
    else if (kind === "residual") nodes.push(node("Add", [last, "x"], [out]));
    else if (kind === "norm") {
      nodes.push(node("LayerNormalization", [last, use(`b${share}`, [width])], [out]));
    } else if (kind === "transposed") {
      nodes.push(
        node("Transpose", [w()], [`t${at}`], [makeInts("perm", [1, 0])]),
        node("MatMul", [last, `t${at}`], [out]),
      );
    } else {
      const branch = (name: string, inner: Node) =>
        graph({ name, node: [inner], output: [value(inner.output[0] ?? "", [4, width])] });
      nodes.push(
        node(
          "If",
          ["c"],
          [out],
          [
            graphAttribute("then_branch", branch(`t${at}`, node("MatMul", [last, w()], [`t${at}_y`]))),
            graphAttribute("else_branch", branch(`e${at}`, node("Abs", [last], [`e${at}_y`]))),
          ],
        ),
      );
    }
    last = out;
  });
  return model(
    graph({
      input: [value("x", [4, width]), value("c", [], "bool")],
      output: [value("y", [4, width])],
      node: nodes,
      initializer: [...tensors.values()],
    }),
  );
}

const layer = fc.record({ kind: fc.constantFrom(...kinds), share: fc.nat(2) });
const networks = fc.array(layer, { minLength: 1, maxLength: 7 }).map(network);

const recipes = [
  { steps: [{ use: "cast.float16" }], cosine: 0.9995 },
  { steps: [{ use: "cast.float16", op_block_list: ["Tanh", "If"] }], cosine: 0.9995 },
  { steps: [{ use: "cast.bfloat16" }], cosine: 0.999 },
  { steps: [{ use: "prune.normalized", threshold: 0.01 }, { use: "cast.bfloat16" }], cosine: 0.995 },
  { steps: [{ use: "prune.nm", n: 31, m: 32 }], cosine: 0.99 },
  { steps: [{ use: "quantize.dynamic" }], cosine: 0.98 },
  { steps: [{ use: "quantize.dynamic", per_channel: true, reduce_range: true }], cosine: 0.97 },
  { steps: [{ use: "quantize.dynamic", weight_type: "uint8" }], cosine: 0.98 },
  {
    steps: [{ use: "prune.magnitude", scope: "layer", sparsity: 0.001 }, { use: "cast.float16" }],
    cosine: 0.99,
  },
];

describe("networks of shared weights, branches and operators that stay in float32", () => {
  it.each(recipes)(
    "$steps: still valid, and close to the original",
    { timeout: 60_000 },
    async ({ steps, cosine }) => {
      const recipe = checkRecipe({ name: "property", steps });
      await fc.assert(
        fc.asyncProperty(networks, fc.nat(1000), async (source, seed) => {
          const { outcome, model: changed } = await compressModel(source, recipe);
          if (outcome === "not-applicable") return;
          expect(modelProblems(source)).toEqual([]);
          expect(modelProblems(changed)).toEqual([]);
          const { error, outputs } = await comparer.compare(source, changed, { seed });
          expect(error).toBeUndefined();
          for (const output of outputs) expect(output.cosine).toBeGreaterThan(cosine);
        }),
        { numRuns: 150 },
      );
    },
  );
});
