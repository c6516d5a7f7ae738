import { describe, expect, it } from "vitest";
import { indexModel } from "#engine/graph/index.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { makeInt } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import {
  choice,
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  node,
  opTypes,
  value,
  weight,
} from "../testing/build.ts";
import { floatInput, itemsOf } from "../testing/calibration.ts";
import { controlFlow, controlFlowItems, reached } from "../testing/control-flow.ts";
import { formats, ops, run, useComparer, x, y } from "./testing/checks.ts";

const { check, comparer } = useComparer();

const graphsOf = (changed: Model) => indexModel(changed).scopes.flatMap(({ graph: own }) => own ?? []);
const named = (changed: Model, name: string) => graphsOf(changed).find((own) => own.name === name) as Graph;
const stored = (changed: Model) =>
  graphsOf(changed).flatMap(({ initializer }) => initializer.map(({ name }) => name ?? ""));

describe("weights in If, Loop and Scan", () => {
  const width = 16;
  const source = controlFlow(width);
  const items = controlFlowItems(width, 40);

  it.each(formats.flatMap((format) => [true, false].map((perChannel) => [format, perChannel] as const)))(
    "are quantised as %s, per channel %s, but for a branch that no item takes",
    async (format, per_channel) => {
      const { changed, result } = await run(source, { format, per_channel }, items);
      validateModel(changed);
      const weights = result.changed.flatMap(({ what }) => /"(\w+)" float32/.exec(what)?.[1] ?? []);
      expect([...new Set(weights)].sort()).toEqual([...reached].sort());
      expect(result.skipped).toContainEqual({
        name: "n_never_y",
        reason: 'no calibration item reaches it, in graph 1 of If "n_y"',
      });
      for (const name of reached) expect(stored(changed), name).not.toContain(name);
      expect(stored(changed)).toContain("never_w");
      for (const range of [
        [-1, 1.4],
        [-1.4, 1],
      ] as [number, number][]) {
        const scaled = { dims: { n: 4 }, ranges: { x: range }, seed: 77 };
        const { error, outputs } = await comparer.compare(source, changed, scaled);
        expect(error).toBeUndefined();
        for (const { cosine } of outputs) expect(cosine).toBeGreaterThan(0.98);
      }
    },
  );

  it("that several graphs share are stored once", async () => {
    for (const format of formats) {
      const { changed } = await run(source, { format }, items);
      expect(stored(changed).filter((name) => name.startsWith("w_quantized"))).toHaveLength(1);
    }
  });
});

/** y = body of x, three turns of it, whose nodes make "next" of "s". */
function loop(nodes: Graph["node"], initializer: Graph["initializer"]): Model {
  const body = graph({
    name: "body",
    input: [value("i", [], "int64"), value("go", [], "bool"), value("s", ["n", 16])],
    output: [value("go_on", [], "bool"), value("next", ["n", 16])],
    node: [node("Identity", ["go"], ["go_on"]), ...nodes],
    initializer,
  });
  return model(
    graph({
      input: [x],
      output: [y],
      node: [node("Loop", ["turns", "", "x"], ["y"], [graphAttribute("body", body)])],
      initializer: [int64s("turns", [3], [])],
    }),
  );
}

describe("nodes of a loop", () => {
  it("have ranges over all turns", async () => {
    const source = loop(
      [node("MatMul", ["s", "w"], ["m"]), node("Add", ["m", "m"], ["next"])],
      [weight("w", [16, 16])],
    );
    const made = await check(source, {}, 0.95);
    const scale = named(made.qdq as Model, "body").initializer.find(({ name }) => name === "s_scale");
    const once = model(
      graph({
        input: [x],
        output: [y],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [16, 16])],
      }),
    );
    const first = (await run(once)).changed.graph.initializer.find(({ name }) => name === "x_scale");
    const number = (tensor: typeof scale) => (tensor === undefined ? Number.NaN : readFloats(tensor)[0]);
    // The state grows from turn to turn, the input alone reaches from −1 to 1.
    expect(number(scale)).toBeGreaterThan(2 * (number(first) ?? 0));
  });

  it("that carry a state stay in float32, so that small steps are not lost", async () => {
    const source = loop(
      [
        node("MatMul", ["s", "w"], ["m"]),
        node("Add", ["s", "m"], ["sum"]),
        node("Relu", ["sum"], ["r"]),
        node("Mul", ["r", "half"], ["next"]),
        node("Concat", ["m", "m"], ["unused"], [makeInt("axis", 0)]),
      ],
      [weight("w", [16, 16]), floats("half", [], [0.5])],
    );
    const made = await check(source, {}, 0.999);
    const inside = named(made.qoperator as Model, "body");
    expect(opTypes(inside)).toEqual(expect.arrayContaining(["QLinearMatMul", "Add", "Relu", "Mul"]));
    expect(opTypes(inside)).toContain("QLinearConcat");
    const qdq = named(made.qdq as Model, "body");
    const add = qdq.node.find(({ opType }) => opType === "Add");
    expect(add?.input[0]).toBe("s");
  });

  it("keep steps that are small beside the range of the state", async () => {
    // The state goes from about 100 up by 0.01 a turn: less than a step of its 255.
    const source = loop(
      [
        node("MatMul", ["s", "w"], ["m"]),
        node("Mul", ["m", "tiny"], ["change"]),
        node("Add", ["change", "step"], ["more"]),
        node("Add", ["s", "more"], ["next"]),
      ],
      [weight("w", [16, 16]), floats("tiny", [], [1e-6]), floats("step", [], [0.01])],
    );
    const shifted = {
      x: floatInput(
        [4, 16],
        Float32Array.from({ length: 64 }, (_, at) => 100 + at / 64),
      ),
    };
    for (const format of formats) {
      const { changed, result } = await run(source, { format }, itemsOf(shifted));
      expect(result.changed.map(({ name }) => name)).toEqual(["n_m", "model"]);
      const [before, after] = await Promise.all(
        [source, changed].map(async (one) => {
          const session = await loadExecutable(one);
          const { y: out } = await session.run(shifted);
          await session.release();
          return out?.data as Float32Array;
        }),
      );
      const gap = Math.max(...(before ?? []).map((entry, at) => Math.abs(entry - (after?.[at] ?? 0))));
      expect(gap).toBeLessThan(0.005);
    }
  });
});

describe("what a subgraph and the graph around share", () => {
  const branch = (output: string, source: string, more: Graph["node"] = []) =>
    graph({
      name: output,
      output: [value(output, ["n", 16])],
      node: [node("Gemm", [source, `${output}_w`, "b"], [output]), ...more],
      initializer: [weight(`${output}_w`, [16, 16], 9)],
    });
  const source = (yes: Graph, no: Graph) =>
    model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("Gemm", ["x", "w", "b"], ["g"]),
          node("Relu", ["g"], ["r"]),
          node("ReduceSum", ["x"], ["sum"], [makeInt("keepdims", 0)]),
          node("Greater", ["sum", "zero"], ["positive"]),
          choice("positive", "z", yes, no),
          node("MatMul", ["z", "w"], ["y"]),
        ],
        initializer: [weight("w", [16, 16]), weight("b", [16], 2), floats("zero", [], [0])],
      }),
    );

  it("keeps its meaning: a Relu that both read, a bias of which each has its own form", async () => {
    const made = await check(source(branch("t", "r"), branch("e", "r")));
    // The branches read the result of the Relu: it cannot go.
    expect(ops(made.qdq)).toContain("Relu");
    for (const format of formats) {
      const changed = made[format] as Model;
      validateModel(changed);
      expect(stored(changed).filter((name) => /^b(_\d+)?_quantized(_\d+)?$/.test(name))).toHaveLength(3);
    }
  });

  it("keeps its meaning: a branch that hands a value of the graph around on", async () => {
    const through = graph({
      name: "e",
      node: [node("Identity", ["r"], ["e"])],
      output: [value("e", ["n", 16])],
    });
    await check(source(branch("t", "r"), through));
  });

  it("a model whose weights are all in subgraphs is quantised", async () => {
    const own = (name: string) =>
      graph({
        name,
        output: [value(name, ["n", 16])],
        node: [node("MatMul", ["x", `${name}_w`], [name])],
        initializer: [weight(`${name}_w`, [16, 16], 9)],
      });
    const inner = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("ReduceSum", ["x"], ["sum"], [makeInt("keepdims", 0)]),
          node("Greater", ["sum", "zero"], ["positive"]),
          choice("positive", "y", own("t"), own("e")),
        ],
        initializer: [floats("zero", [], [0])],
      }),
    );
    await check(inner);
    const feeds = { x: floatInput([1, 16], new Float32Array(16).fill(1)) };
    const { result, changed } = await run(inner, {}, itemsOf(feeds));
    expect(result.changed.map(({ name }) => name)).toEqual(["n_t", "model"]);
    expect(opTypes(named(changed, "e"))).toEqual(["MatMul"]);
  });
});

it("says that improvements are for the main graph", async () => {
  const { result } = await run(controlFlow(16), { equalize: true }, controlFlowItems(16, 4));
  expect(result.warnings.some((warning) => warning.includes("main graph alone"))).toBe(true);
});
