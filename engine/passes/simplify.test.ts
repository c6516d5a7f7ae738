import { describe, expect, it } from "vitest";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { build, type Case, relu } from "./simplify/testing/cases.ts";
import { simplified } from "./simplify/testing/run.ts";
import type { SimplifyOptions } from "./simplify.schema.ts";
import { floats, graph, int64s, model, names, node, opTypes, value, weight } from "./testing/build.ts";

const bn = [weight("s", [3], 2), weight("b", [3], 3), weight("m", [3], 4), floats("v", [3], [0.5, 1, 2])];

describe("options", () => {
  const entry: Case = {
    x: [2, 4],
    nodes: [
      node("Identity", ["x"], ["a"]),
      node("Exp", ["k"], ["e"]),
      node("Abs", ["x"], ["unused"]),
      node("Gemm", ["a", "w"], ["g"], [makeFloat("alpha", 2)]),
      node("BatchNormalization", ["g", "s", "b", "m", "v"], ["n"]),
      node("Neg", ["n"], ["p"]),
      node("Neg", ["n"], ["q"]),
      node("MatMul", ["p", "u"], ["r"]),
      node("Add", ["r", "e"], ["t"]),
      node("Mul", ["q", "t"], ["y"]),
    ],
    weights: [weight("w", [4, 3], 5), weight("u", [3, 3], 6), weight("k", [3], 7), ...bn],
    ops: ["Gemm", "Neg", "Gemm", "Mul"],
  };
  const alone: [keyof SimplifyOptions, string][] = [
    ["fold_constants", "Identity Abs Gemm BatchNormalization Neg Neg MatMul Add Mul"],
    ["remove_unused", "Identity Exp Gemm BatchNormalization Neg Neg MatMul Add Mul"],
    ["remove_identities", "Exp Abs Gemm BatchNormalization Neg Neg MatMul Add Mul"],
    ["fuse_batch_norm", "Identity Exp Abs Gemm Neg Neg MatMul Add Mul"],
    ["merge_duplicates", "Identity Exp Abs Gemm BatchNormalization Neg MatMul Add Mul"],
    ["canonicalise_gemm", "Identity Exp Abs Gemm BatchNormalization Neg Neg MatMul Add Mul"],
  ];

  it.each(alone)("%s alone does its part", async (name, expected) => {
    const options = Object.fromEntries(alone.map(([other]) => [other, other === name]));
    const { model: changed, result } = await simplified(build(entry), options);
    expect(opTypes(changed.graph).join(" ")).toBe(expected);
    expect(
      result.changed.filter(({ what }) => /^[a-z_]+: /.test(what)).map(({ what }) => what.split(":")[0]),
    ).toEqual([name]);
  });

  it("all of them do all", async () => {
    expect(opTypes((await simplified(build(entry))).model.graph)).toEqual(entry.ops);
  });

  it("report counts and names", async () => {
    const { result } = await simplified(build(entry));
    expect(result.changed).toContainEqual({ name: "model", what: "10 → 4 nodes" });
    expect(result.changed).toContainEqual({ name: "model", what: "fuse_batch_norm: 1" });
    expect(result.changed).toContainEqual({ name: "n_n", what: 'now part of Gemm "n_g"' });
    expect(result.warnings).toEqual([]);
  });

  it("without a runtime only shape arithmetic is folded, and that is said", async () => {
    const { model: changed, result } = await simplified(build(entry), {}, { runtime: false });
    expect(opTypes(changed.graph)).toContain("Exp");
    expect(result.warnings).toEqual(["Nothing could be executed, so that only shape arithmetic was folded"]);
  });

  it("a model in which nothing is to be done says so", async () => {
    const { result } = await simplified(build({ x: [2], nodes: [relu("x")], ops: [] }));
    expect(result.changed).toEqual([]);
    expect(result.skipped).toEqual([{ name: "model", reason: "nothing in its graph can be simplified" }]);
  });
});

describe("what must not change", () => {
  it("inputs that nothing reads, defaults that callers may override, nodes that act", async () => {
    const source = model(
      graph({
        input: [value("x", [2]), value("idle", [2]), value("d", [2])],
        output: [value("y", [2])],
        node: [
          node("Add", ["x", "d"], ["y"]),
          { ...node("Log", ["x"], ["l"]), domain: "vendor" },
          node("Neg", ["x"], ["gone"]),
        ],
        initializer: [floats("d", [2], [0, 0])],
      }),
    );
    source.opsetImport.push({ domain: "vendor", version: 1 });
    const { model: changed, result } = await simplified(source);
    expect(opTypes(changed.graph)).toEqual(["Add", "Log"]);
    expect(names(changed.graph.initializer)).toEqual(["d"]);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x", "idle", "d"]);
    expect(result.skipped).toContainEqual({
      name: "idle",
      reason: "nothing reads this input, but callers know it",
    });
    const frozen = await simplified(source, { freeze_defaults: true });
    expect(frozen.model.graph.input.map(({ name }) => name)).toEqual(["x", "idle"]);
    expect(frozen.result.warnings).toHaveLength(1);
  });

  it("a declared inner shape that does not hold in every run", async () => {
    // The exporter wrote the shapes of its one example: batch 1.
    const nodes = [
      node("Sigmoid", ["x"], ["a"]),
      node("Shape", ["a"], ["s"]),
      node("Expand", ["k", "s"], ["e"]),
      node("Add", ["a", "e"], ["y"]),
    ];
    const source = build({
      x: ["n", 2],
      nodes,
      weights: [floats("k", [1], [3])],
      outputs: [value("y", [1, 2])],
      ops: [],
    });
    source.graph.valueInfo = [value("a", [1, 2])];
    const { result } = await simplified(source);
    expect(result.changed).toEqual([]);
  });

  it("two inputs that say the same symbol and get different sizes", async () => {
    const source = model(
      graph({
        input: [value("a", ["n", 2]), value("b", ["n"])],
        output: [{ name: "y" }],
        node: [
          node("Shape", ["b"], ["s"]),
          node("Concat", ["s", "rest"], ["t"], [makeInt("axis", 0)]),
          node("Reshape", ["a", "t"], ["r"]),
          node("Neg", ["r"], ["y"]),
        ],
        initializer: [int64s("rest", [-1])],
      }),
    );
    expect((await simplified(source)).result.changed).toEqual([]);
  });

  it("a model with training graphs", async () => {
    const source = build({ x: [2], nodes: [node("Identity", ["x"], ["a"]), relu("a")], ops: [] });
    source.trainingInfo = [{}];
    expect((await simplified(source)).result.skipped[0]?.reason).toMatch(/training graphs/);
  });
});
