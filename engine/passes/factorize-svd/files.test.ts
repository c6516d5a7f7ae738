import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { modelScopes } from "#engine/graph/scope.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { realModels as modelFiles } from "#engine/testing/models.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { compressModel } from "../../compress.ts";
import { countParameters } from "../../inspect/parameters.ts";
import { matrixOf, transposed } from "../../linear-algebra/matrix.ts";
import { product } from "../../linear-algebra/product.ts";
import { checkRecipe } from "../../recipes.ts";
import { graph, graphAttribute, model, node, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";
import { realModels } from "../testing/real-models.ts";
import { copyOf } from "./task.ts";
import { lowRankWeight } from "./testing/low-rank.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const present = realModels.filter(({ path }) => sharedData(path) !== undefined);
const recipeOf = (options: object) =>
  checkRecipe({ name: "low rank", steps: [{ use: "factorize.svd", ...options }] });

/** The original with each factorised weight replaced by the product of its factors: what the result must compute. */
function multipliedOut(source: Model, factorised: Model): Model {
  const copy = cloneStructure(source);
  const factors = new Map(
    modelScopes(factorised).flatMap(({ graph: of }) => (of?.initializer ?? []).map((t) => [t.name, t])),
  );
  const replace = (name: string, tensor: Tensor): Tensor => {
    const [left, right] = [factors.get(`${name}_lowrank_0`), factors.get(`${name}_lowrank_1`)];
    if (left === undefined || right === undefined) return tensor;
    const rank = right.dims[0] ?? 0;
    const [rows, columns] = [left.dims[0] ?? 0, right.dims.slice(1).reduce((a, b) => a * b, 1)];
    const whole = product(matrixOf(readFloats(left), rows, rank), matrixOf(readFloats(right), rank, columns));
    // Nodes that read the weight transposed have transposed factors; of a square one the nearer is meant.
    const turned = copyOf(transposed(matrixOf(whole, rows, columns)));
    const before = readFloats(tensor);
    const gap = (near: Float64Array) =>
      near.reduce((sum, entry, at) => sum + (entry - (before[at] ?? 0)) ** 2, 0);
    const fits = rows === tensor.dims[0] && (tensor.dims.length > 2 || columns === tensor.dims[1]);
    const values = fits && (rows !== columns || gap(whole) < gap(turned)) ? whole : turned;
    return makeTensor(tensor.name ?? "", "float32", tensor.dims, Float32Array.from(values));
  };
  for (const { graph: of } of modelScopes(copy)) {
    if (of === undefined) continue;
    of.initializer = of.initializer.map((tensor) => replace(tensor.name ?? "", tensor));
    for (const entry of of.node) {
      for (const attribute of entry.attribute) {
        if (attribute.t !== undefined) attribute.t = replace(entry.output[0] ?? "", attribute.t);
      }
    }
  }
  return copy;
}

describe.skipIf(present.length === 0)("real models", () => {
  it.each([{ energy: 0.8 }, { energy: 0.9 }, { energy: 0.99 }])(
    "$energy: valid, smaller, and what the products of the factors give",
    { timeout: 60_000 },
    async ({ energy }) => {
      const rows: string[] = [];
      let compressed = 0;
      for (const { path, options } of present) {
        const source = loadModel(sharedData(path) ?? "");
        const recipe = recipeOf({ energy, op_types: ["MatMul", "Gemm", "Conv", "Gather"] });
        const { outcome, model: changed, steps } = await compressModel(source, recipe);
        if (outcome === "not-applicable") {
          expect(steps[0]?.skipped.length, path).toBeGreaterThan(0);
          rows.push(`${path} | ${english(steps[0]?.skipped[0]?.reason ?? "")}`);
          continue;
        }
        compressed++;
        expect(modelProblems(changed), path).toEqual(modelProblems(source));
        const ratio = countParameters(changed).parameters / countParameters(source).parameters;
        expect(ratio, path).toBeLessThan(1);
        const same = await comparer.compare(multipliedOut(source, changed), changed, options);
        expect(same.error, path).toBeUndefined();
        for (const { name, cosine, finite } of same.outputs) {
          expect(finite, `${path} ${name}`).toBe(true);
          expect(cosine, `${path} ${name}`).toBeGreaterThan(0.99999);
        }
        const { outputs } = await comparer.compare(source, changed, options);
        const worst = Math.min(...outputs.map((output) => output.cosine));
        rows.push(`${path} | cosine with the original ${worst.toFixed(6)} | parameters ×${ratio.toFixed(3)}`);
      }
      console.log(`energy ${energy}: ${compressed} of ${present.length} models\n${rows.join("\n")}`);
      expect(compressed).toBeGreaterThanOrEqual(5);
    },
  );
});

const everyFile = modelFiles("data/onnx", "data/torch", "data/huggingface");

describe.skipIf(everyFile.length === 0)("any file, however odd", () => {
  it("is factorised or refused with a reason, and is as valid as before", { timeout: 60_000 }, async () => {
    let compressed = 0;
    for (const { name, path } of everyFile) {
      const source = loadModel(path);
      const { outcome, model: changed, steps } = await compressModel(source, recipeOf({ rank: 2 }));
      if (outcome === "not-applicable")
        expect(english(steps[0]?.skipped[0]?.reason ?? ""), name).toMatch(/.{10}/);
      else compressed++;
      expect(modelProblems(changed).length, name).toBeLessThanOrEqual(modelProblems(source).length);
    }
    console.log(`${compressed} of ${everyFile.length} files factorised`);
    expect(compressed).toBeGreaterThan(10);
  });
});

const width = 24;
const kinds = [
  "matmul",
  "gemm",
  "gemmT",
  "left",
  "tanh",
  "residual",
  "transposed",
  "tied",
  "full",
  "if",
] as const;

/** A network of layers of one width whose weights have rank 5 and are shared in every way; "full" has full rank. */
function network(layers: readonly { kind: (typeof kinds)[number]; share: number }[]): Model {
  const nodes: Node[] = [];
  const tensors = new Map<string, Tensor>();
  const use = (name: string, make: () => Tensor) => {
    tensors.set(name, tensors.get(name) ?? make());
    return name;
  };
  let last = "x";
  layers.forEach(({ kind, share }, at) => {
    const out = at === layers.length - 1 ? "y" : `v${at}`;
    const w = () => use(`w${share}`, () => lowRankWeight(`w${share}`, [width, width], 5, 7 + share));
    const b = () => use(`b${share}`, () => weight(`b${share}`, [width], share + 1));
    if (kind === "matmul") nodes.push(node("MatMul", [last, w()], [out]));
    else if (kind === "left") nodes.push(node("MatMul", [w(), last], [out]));
    else if (kind === "gemm") nodes.push(node("Gemm", [last, w(), b()], [out]));
    else if (kind === "gemmT")
      nodes.push(node("Gemm", [last, w()], [out], [makeInt("transA", 1), makeInt("transB", 1)]));
    else if (kind === "tanh") nodes.push(node("Tanh", [last], [out]));
    else if (kind === "residual") nodes.push(node("Add", [last, "x"], [out]));
    else if (kind === "full")
      nodes.push(
        node("MatMul", [last, use(`f${share}`, () => weight(`f${share}`, [width, width], share))], [out]),
      );
    else if (kind === "tied")
      nodes.push(node("Identity", [w()], [`i${at}`]), node("MatMul", [last, `i${at}`], [out]));
    else if (kind === "transposed") {
      nodes.push(
        node("Transpose", [w()], [`t${at}`], [makeInts("perm", [1, 0])]),
        node("MatMul", [last, `t${at}`], [out]),
      );
    } else {
      const branch = (name: string, inner: Node) =>
        graph({ name, node: [inner], output: [value(inner.output[0] ?? "", [width, width])] });
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
      input: [value("x", [width, width]), value("c", [], "bool")],
      output: [value("y", [width, width])],
      node: nodes,
      initializer: [...tensors.values()],
    }),
  );
}

describe("networks of weights of low rank, shared, tied and in branches", () => {
  it("compute the same, and cannot be factorised twice", { timeout: 30_000 }, async () => {
    const recipe = recipeOf({ energy: 1 });
    const layer = fc.record({ kind: fc.constantFrom(...kinds), share: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(layer, { minLength: 1, maxLength: 7 }),
        fc.nat(1000),
        async (layers, seed) => {
          const source = network(layers);
          const { outcome, model: changed } = await compressModel(source, recipe);
          const some = layers.some(({ kind }) => !["tanh", "residual", "full"].includes(kind));
          if (!some) expect(outcome).toBe("not-applicable");
          if (outcome === "not-applicable") return;
          expect(modelProblems(changed)).toEqual([]);
          expect(countParameters(changed).parameters).toBeLessThan(countParameters(source).parameters);
          const { error, outputs } = await comparer.compare(source, changed, { seed });
          expect(error).toBeUndefined();
          for (const output of outputs) expect(output.maxAbs).toBeLessThan(1e-3 * (output.rms + 1e-6));
          const again = await compressModel(changed, recipe);
          expect(again.outcome).toBe("not-applicable");
          expect(again.model).toEqual(changed);
        },
      ),
      { numRuns: 100 },
    );
  });
});
