import { describe, expect, it } from "vitest";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import {
  floats,
  graph,
  int64s,
  model,
  node,
  opTypes,
  randomFloats,
  value,
  weight,
} from "../testing/build.ts";
import { smoothFactor } from "./smooth.ts";
import { formats, run, useComparer, x, y } from "./testing/checks.ts";
import { errorsOn } from "./testing/errors.ts";
import { randomCalibration } from "./testing/random.ts";
import { largest, rescaled } from "./testing/rescaled.ts";

const { comparer, check } = useComparer();
const smooth = { smooth_quant: true };

async function expectSameResults(source: Parameters<typeof rescaled>[0], options: object = smooth) {
  const done = await rescaled(source, options);
  const { error, outputs } = await comparer.compare(source, done.model, { dims: { n: 4 } });
  expect(error).toBeUndefined();
  for (const output of outputs) expect(output.maxAbs / output.rms).toBeLessThan(1e-5);
  return done;
}

/** Channel 5 is fifty times as large as the others. */
const outliers = (name: string, seed: number) =>
  makeTensor(
    name,
    "float32",
    [16],
    randomFloats(16, seed).map((entry, at) => (1 + Math.abs(entry)) * (at === 5 ? 50 : 1)),
  );

/** Weights that take no more from channel 5 than from the others, as in a trained network. */
const balanced = (name: string, seed: number, transposed: boolean) =>
  makeTensor(
    name,
    "float32",
    [16, 16],
    randomFloats(256, seed).map((entry, at) =>
      (transposed ? at % 16 : Math.floor(at / 16)) === 5 ? entry / 50 : entry,
    ),
  );

const normalised = model(
  graph({
    input: [x],
    output: [y],
    node: [
      node("LayerNormalization", ["x", "scale", "shift"], ["h"]),
      node("MatMul", ["h", "v"], ["a"]),
      node("Gemm", ["h", "w", "b"], ["c"], [makeInt("transB", 1)]),
      node("Add", ["a", "c"], ["y"]),
    ],
    initializer: [
      outliers("scale", 3),
      weight("shift", [16], 4),
      balanced("v", 5, false),
      balanced("w", 6, true),
      weight("b", [16], 7),
    ],
  }),
);

const one = (...first: Parameters<typeof node>[]) =>
  model(
    graph({
      input: [x],
      output: [y],
      node: [...first.map((entry) => node(...entry)), node("MatMul", ["h", "w"], ["y"])],
      initializer: [
        weight("v", [16, 16], 5),
        weight("w", [16, 16], 6),
        weight("b", [16], 7),
        floats("half", [1, 1], [0.5]),
      ],
    }),
  );

describe("SmoothQuant", () => {
  it("follows the formula, over all products that read a value", async () => {
    const { floats: of, model: changed } = await expectSameResults(normalised);
    const before = await rescaled(normalised, {});
    const seen = await largestSeen();
    const v = largest(before.floats("n_a", 1), 16, "rows");
    const w = largest(before.floats("n_c", 1), 16, "columns");
    const factors = seen.map((size, at) => Math.sqrt(size / Math.max(v[at] ?? 0, w[at] ?? 0)));
    const ratio = (name: string, position: number) =>
      of(name, position).map((entry, at) => entry / (before.floats(name, position)[at] ?? 1));
    factors.forEach((factor, at) => {
      expect(ratio("n_a", 1)[at * 16]).toBeCloseTo(factor, 4);
      expect(ratio("n_c", 1)[at]).toBeCloseTo(factor, 4);
      expect(ratio("n_h", 1)[at]).toBeCloseTo(1 / factor, 4);
      expect(ratio("n_h", 2)[at]).toBeCloseTo(1 / factor, 4);
    });
    expect(opTypes(changed.graph)).not.toContain("Mul");
  });

  it("is the formula of the paper, and 1 where a side is 0", () => {
    expect(smoothFactor(16, 4, 0.5)).toBe(2);
    expect(smoothFactor(16, 4, 1)).toBe(16);
    expect(smoothFactor(16, 4, 0)).toBe(0.25);
    expect(smoothFactor(0, 4, 0.5)).toBe(1);
    expect(smoothFactor(4, 0, 0.5)).toBe(1);
    // Bounds: what is tiny does not become a factor without end.
    expect(smoothFactor(1, 1e-30, 0.5)).toBeCloseTo(1e5, 5);
    expect(smoothFactor(1e30, 1e-30, 0.5)).toBe(1e5);
    expect(smoothFactor(1e-30, 1, 0.5)).toBe(1e-5);
  });

  it.each([0, 0.25, 1])("alpha %f", async (smooth_alpha) => {
    const { floats: of } = await expectSameResults(one(["Tanh", ["x"], ["h"]]), { ...smooth, smooth_alpha });
    if (smooth_alpha === 0)
      for (const size of largest(of("n_y", 1), 16, "rows")) expect(size).toBeCloseTo(1, 5);
  });

  it.each([
    [
      "a Gemm before Relu",
      [
        ["Gemm", ["x", "v", "b"], ["g"]],
        ["Relu", ["g"], ["h"]],
      ],
      "Gemm",
    ],
    [
      "a Gemm with alpha and beta",
      [["Gemm", ["x", "v", "b"], ["h"], [makeFloat("alpha", 0.5), makeFloat("beta", 2)]]],
      "Gemm",
    ],
    [
      "MatMul, Add and LeakyRelu",
      [
        ["MatMul", ["x", "v"], ["m"]],
        ["Add", ["b", "m"], ["a"]],
        ["LeakyRelu", ["a"], ["h"]],
      ],
      "MatMul",
    ],
    [
      "one number added to all",
      [
        ["MatMul", ["x", "v"], ["m"]],
        ["Add", ["m", "half"], ["h"]],
      ],
      "MatMul",
    ],
    [
      "a product with a constant",
      [
        ["Tanh", ["x"], ["t"]],
        ["Mul", ["t", "b"], ["m"]],
        ["Add", ["m", "b"], ["h"]],
      ],
      "Mul",
    ],
  ] as [string, Parameters<typeof node>[], string][])("goes into %s", async (_, nodes, producer) => {
    const source = one(...nodes);
    const { changed, model: made } = await expectSameResults(source);
    expect(changed.find(({ name }) => name === "n_y")?.what).toContain(`went into ${producer} "`);
    await check(source, smooth);
    // An input of the model has no node that could take the factors.
    const first = source.graph.node.find(({ input, opType }) => input[0] === "x" && opType !== "Tanh");
    expect(opTypes(made.graph).filter((op) => op === "Mul").length).toBe(
      (first === undefined ? 0 : 1) + (producer === "Mul" ? 1 : 0),
    );
  });

  it("goes into a Mul behind an input and behind what stays in float32", async () => {
    for (const source of [one(["Identity", ["x"], ["h"]]), one(["Tanh", ["x"], ["h"]])]) {
      const { changed, model: made } = await expectSameResults(source);
      expect(changed[0]?.what).toContain("went into a Mul");
      expect(opTypes(made.graph)).toContain("Mul");
      await check(source, smooth);
    }
  });

  it("goes into a normalisation whose constants come by way of Identity", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("Identity", ["scale"], ["tied"]),
          node("LayerNormalization", ["x", "tied", "tied"], ["h"]),
          node("MatMul", ["h", "w"], ["m"]),
          node("Mul", ["m", "scale"], ["y"]),
        ],
        initializer: [outliers("scale", 3), weight("w", [16, 16], 6)],
      }),
    );
    const { changed, node: find } = await expectSameResults(source);
    expect(changed[0]?.what).toContain('went into LayerNormalization "n_h"');
    expect(find("n_y").input[1]).toBe("scale");
    await check(source, smooth);
  });

  it("keeps a node in float32 whose constant 8 bits cannot hold any more", async () => {
    const source = one(["Tanh", ["x"], ["t"]], ["Mul", ["t", "half"], ["h"]]);
    const at = source.graph.initializer.findIndex(({ name }) => name === "w");
    source.graph.initializer[at] = makeTensor(
      "w",
      "float32",
      [16, 16],
      randomFloats(256, 6).map((entry, flat) => (flat < 16 ? entry / 1e4 : entry)),
    );
    const { result } = await run(source, smooth);
    expect(result.skipped.find(({ name }) => name === "n_h")?.reason).toContain("8 bits are too few");
    expect(opTypes((await check(source, smooth)).qoperator?.graph ?? source.graph)).toContain("Mul");
    const even = await run(one(["Tanh", ["x"], ["t"]], ["Mul", ["t", "half"], ["h"]]), smooth);
    expect(even.result.skipped).toEqual([]);
  });

  it("goes into a Mul behind what only moves an input", async () => {
    const source = one(["Reshape", ["x", "shape"], ["h"]]);
    source.graph.initializer.push(int64s("shape", [-1, 16]));
    const { changed } = await expectSameResults(source);
    expect(changed[0]?.what).toContain("went into a Mul");
  });

  it.each([
    ["what a quantised node rounds", [["Sigmoid", ["x"], ["h"]]], 'Sigmoid "n_h" rounds it'],
    [
      "a value that others read",
      [
        ["Gemm", ["x", "v", "b"], ["h"]],
        ["Exp", ["h"], ["unused"]],
      ],
      "is read elsewhere too",
    ],
    ["a weight that others read", [["MatMul", ["x", "w"], ["h"]]], "shares its weight"],
    [
      "a product of two activations",
      [
        ["MatMul", ["x", "v"], ["h"]],
        ["Transpose", ["h"], ["t"]],
        ["MatMul", ["t", "h"], ["unused"]],
      ],
      "no plain product",
    ],
  ] as [string, Parameters<typeof node>[], string][])("leaves %s alone", async (_, nodes, reason) => {
    const { skipped } = await expectSameResults(one(...nodes));
    expect(skipped.map((skip) => skip.reason).join("\n")).toContain(reason);
  });

  it("leaves nodes alone that are left out, as products and as the node before", async () => {
    const product = await expectSameResults(normalised, { ...smooth, nodes_to_exclude: ["n_a"] });
    // The value has a reader that must not change.
    expect(product.changed).toMatchObject([{ name: "n_c", what: expect.stringContaining("into a Mul") }]);
    expect([product.node("n_a"), product.node("n_h")]).toEqual([
      normalised.graph.node[1],
      normalised.graph.node[0],
    ]);
    const before = await expectSameResults(normalised, { ...smooth, nodes_to_exclude: ["n_h"] });
    expect(before.node("n_h")).toEqual(normalised.graph.node[0]);
    expect(before.changed[0]?.what).toContain("went into a Mul");
  });

  it.each(formats)("%s: helps where a channel dwarfs the others", async (format) => {
    const data = randomCalibration({ batches: 60, batch: 4, seed: 99 });
    // The normalisation stays in float32: what is compared is how its result is rounded.
    const op_types = ["MatMul", "Gemm", "Add"];
    const plain = await run(normalised, { format, op_types });
    const smoothed = await run(normalised, { format, op_types, ...smooth });
    const before = await errorsOn(data, normalised, plain.changed);
    const after = await errorsOn(data, normalised, smoothed.changed);
    console.log(`${format}, outlier channel: error ${before.relative} plain, ${after.relative} smoothed`);
    expect(after.relative).toBeLessThan(before.relative / 5);
  });
});

async function largestSeen(): Promise<number[]> {
  const session = await loadExecutable({
    ...normalised,
    graph: { ...normalised.graph, output: [value("h", ["n", 16])] },
  });
  const found = new Array<number>(16).fill(0);
  for (const { feeds } of randomCalibration({ batches: 60, batch: 4 }).batches(session.signature)) {
    const { h } = await session.run(feeds);
    if (!(h?.data instanceof Float32Array)) throw new Error("not float32");
    h.data.forEach((entry, at) => {
      found[at % 16] = Math.max(found[at % 16] ?? 0, Math.abs(entry));
    });
  }
  await session.release();
  return found;
}
