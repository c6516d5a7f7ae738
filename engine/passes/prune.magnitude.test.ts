import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeInts } from "#engine/onnx/attributes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { silent } from "./pass.ts";
import { pruneMagnitudeSchema } from "./prune.magnitude.schema.ts";
import { pruneMagnitude, zerosWarning } from "./prune.magnitude.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "./testing/build.ts";
import { Comparer } from "./testing/compare.ts";
import { tensorText } from "./testing/describe.ts";
import { weightsEverywhere } from "./testing/everywhere.ts";
import { inEnglish } from "./testing/in-english.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function prune(source: Model, options: object = {}) {
  const changed = cloneStructure(source);
  const parsed = pruneMagnitudeSchema.parse({ use: "prune.magnitude", ...options });
  return { result: inEnglish(await pruneMagnitude(changed, parsed, silent)), changed };
}

function valuesOf(source: Model, name: string): number[] {
  const tensor = source.graph.initializer.find((entry) => entry.name === name);
  if (tensor === undefined) throw new Error(`no initialiser ${name}`);
  return [...readFloats(tensor)];
}

/** Two layers with biases: `a` holds small weights, `b` large ones. */
function layers(a: number[], b: number[]): Model {
  return model(
    graph({
      input: [value("x", [1, 2])],
      output: [value("y", [1, 2])],
      node: [node("Gemm", ["x", "a", "bias"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      initializer: [floats("a", [2, 2], a), floats("b", [2, 2], b), floats("bias", [2], [0.001, 0.002])],
    }),
  );
}

describe("which weights become zero", () => {
  it("globally the smallest of all, biases never", async () => {
    const { changed, result } = await prune(layers([0.1, -0.2, 0.3, 0.4], [1, -2, 3, 0.05]));
    expect(valuesOf(changed, "a")).toEqual([0, 0, 0, 0.4].map(Math.fround));
    expect(valuesOf(changed, "b")).toEqual([1, -2, 3, 0]);
    expect(valuesOf(changed, "bias")).toEqual([0.001, 0.002].map(Math.fround));
    expect(result.changed[0]).toEqual({
      name: "model",
      what: "4 of 8 prunable weights are zero (sparsity 0.500000)",
    });
    expect(result.warnings).toEqual([english(zerosWarning)]);
  });

  it("per layer the same share of each", async () => {
    const { changed } = await prune(layers([0.1, -0.2, 0.3, 0.4], [1, -2, 3, 0.05]), { scope: "layer" });
    expect(valuesOf(changed, "a")).toEqual([0, 0, 0.3, 0.4].map(Math.fround));
    expect(valuesOf(changed, "b")).toEqual([0, -2, 3, 0]);
  });

  it("below a threshold", async () => {
    const { changed } = await prune(layers([0.1, -0.2, 0.3, 0.4], [1, -2, 3, 0.05]), { threshold: 0.3 });
    expect(valuesOf(changed, "a")).toEqual([0, 0, 0.3, 0.4].map(Math.fround));
    expect(valuesOf(changed, "b")).toEqual([1, -2, 3, 0]);
  });

  it("keeps at least one, and equal magnitudes share one fate", async () => {
    expect(valuesOf((await prune(layers([1, 2, 3, 4], [5, 6, 7, 8]), { sparsity: 1 })).changed, "b")).toEqual(
      [0, 0, 0, 8],
    );
    expect(valuesOf((await prune(layers([1, 1, -1, 1], [1, 1, 1, 1]))).changed, "a")).toEqual([1, 1, -1, 1]);
  });

  it("is not applicable where everything to prune is zero already, and where nothing is prunable", async () => {
    const zeros = (await prune(layers([0, 0, 0, 0], [1, 2, 3, 4]))).result;
    expect(zeros.changed).toEqual([]);
    expect(zeros.skipped[0]?.reason).toContain("zero already");
    const { result: none } = await prune(
      model(
        graph({ input: [value("x", [2])], output: [value("y", [2])], node: [node("Relu", ["x"], ["y"])] }),
      ),
    );
    expect(none.skipped).toHaveLength(1);
    expect(none.warnings).toEqual([]);
  });

  it("leaves protected tensors and nodes alone, and says which names protect nothing", async () => {
    const source = layers([0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4]);
    const { changed, result } = await prune(source, { protect: ["a", "n_y", "typo"] });
    expect(changed).toEqual(source);
    expect(result.skipped.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(result.warnings).toEqual(['"protect" names "typo", which the model does not have']);
  });
});

describe("properties", () => {
  it("the achieved sparsity is the one asked for, for distinct magnitudes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (rows, sparsity) => {
          const count = rows * 2;
          const data = Array.from({ length: count }, (_, index) => (index + 1) * (index % 2 ? -1 : 1));
          const source = model(
            graph({
              input: [value("x", [1, rows])],
              output: [value("y", [1, 2])],
              node: [node("MatMul", ["x", "w"], ["y"])],
              initializer: [floats("w", [rows, 2], data)],
            }),
          );
          const zeros = valuesOf((await prune(source, { sparsity })).changed, "w").filter(
            (entry) => entry === 0,
          ).length;
          const kept = count - zeros;
          expect(Math.abs(kept - Math.max(count * (1 - sparsity), 1))).toBeLessThanOrEqual(0.5);
        },
      ),
    );
  });

  it("what stays has not changed, and is no smaller than what went", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), async (seed, sparsity) => {
        const source = layers([...randomFloats(4, seed)], [...randomFloats(4, seed + 1)]);
        const { changed } = await prune(source, { sparsity });
        const before = [...valuesOf(source, "a"), ...valuesOf(source, "b")];
        const after = [...valuesOf(changed, "a"), ...valuesOf(changed, "b")];
        const kept = before.filter((_, at) => after[at] !== 0);
        const gone = before.filter((_, at) => after[at] === 0);
        expect(after.filter((entry) => entry !== 0)).toEqual(kept);
        expect(Math.min(...kept.map(Math.abs))).toBeGreaterThanOrEqual(Math.max(0, ...gone.map(Math.abs)));
      }),
    );
  });
});

describe("where weights are kept", () => {
  it("prunes a shared tensor once, one in a subgraph, one in a Constant, and float16", async () => {
    const source = weightsEverywhere();
    const { changed, result } = await prune(source, { scope: "layer", sparsity: 0.01 });
    expect(result.changed.map(({ name }) => name)).toEqual(["model", "w", "k", "t_w", "e_w"]);
    const { error, outputs } = await comparer.compare(source, changed);
    expect(error).toBeUndefined();
    expect(outputs[0]?.cosine).toBeGreaterThan(0.999);

    const half = makeTensor("w", "float16", [2, 2], float16Array([1, -0.5, 0.25, 2]));
    const halves = model(
      graph({
        input: [value("x", [1, 2], "float16")],
        output: [value("y", [1, 2], "float16")],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [half],
      }),
    );
    expect(valuesOf((await prune(halves)).changed, "w")).toEqual([1, 0, 0, 2]);
  });

  it("leaves a tensor alone that something reads as more than a weight", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 2])],
        output: [value("y", [2, 2])],
        node: [node("MatMul", ["x", "w"], ["a"]), node("Add", ["a", "w"], ["y"])],
        initializer: [weight("w", [2, 2])],
      }),
    );
    expect((await prune(source)).result.skipped[0]).toEqual({
      name: "w",
      reason: 'Add "n_y" reads it as something else than a weight',
    });
  });

  it("follows ties through Identity and Transpose, and does not touch the original's bytes", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 2])],
        output: [value("y", [2, 2])],
        node: [
          node("Transpose", ["w"], ["t"], [makeInts("perm", [1, 0])]),
          node("Identity", ["t"], ["tied"]),
          node("MatMul", ["x", "tied"], ["y"]),
        ],
        initializer: [floats("w", [2, 2], [1, 2, 3, 4])],
      }),
    );
    const before = source.graph.initializer.map(tensorText);
    expect(valuesOf((await prune(source)).changed, "w")).toEqual([0, 0, 3, 4]);
    expect(source.graph.initializer.map(tensorText)).toEqual(before);
  });
});

describe("a sparsity for each weight", () => {
  const source = layers([0.1, -0.2, 0.3, 0.4], [1, -2, 3, 0.05]);

  it("holds for the weights named, the other options for the rest", async () => {
    const { changed } = await prune(source, { layers: { b: 0.75 }, sparsity: 0.25 });
    // On its own, "a" loses one of four; were "b" ranked with it, that would be 0.05.
    expect(valuesOf(changed, "a")).toEqual([0, -0.2, 0.3, 0.4].map(Math.fround));
    expect(valuesOf(changed, "b")).toEqual([0, 0, 3, 0]);
  });

  it("leaves the rest as it is with a sparsity of 0, and stands beside a threshold", async () => {
    const alone = await prune(source, { layers: { a: 0.5 }, sparsity: 0 });
    expect(valuesOf(alone.changed, "a")).toEqual([0, 0, 0.3, 0.4].map(Math.fround));
    expect(valuesOf(alone.changed, "b")).toEqual(valuesOf(source, "b"));
    const both = await prune(source, { layers: { a: 0 }, threshold: 1.5 });
    expect(valuesOf(both.changed, "a")).toEqual(valuesOf(source, "a"));
    expect(valuesOf(both.changed, "b")).toEqual([0, -2, 3, 0]);
  });

  it("is warned about where the model has no such weight; protection wins", async () => {
    const { result, changed } = await prune(source, {
      layers: { typo: 0.5, bias: 0.5, a: 0.9 },
      protect: ["a"],
      sparsity: 0,
    });
    expect(result.warnings).toEqual([
      '"layers" names "typo", which is no weight of the model',
      '"layers" names "bias", which is no weight of the model',
    ]);
    expect(changed).toEqual(source);
  });

  it("lies between 0 and 1", async () => {
    const parse = (sparsity: number) =>
      pruneMagnitudeSchema.safeParse({ use: "prune.magnitude", layers: { a: sparsity } }).success;
    expect([-0.1, 0, 1, 1.1].map(parse)).toEqual([false, true, true, false]);
  });
});
