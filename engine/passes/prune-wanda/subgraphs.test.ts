import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { makeInt } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { CalibrationData } from "../pass.ts";
import { pruneWandaSchema } from "../prune.wanda.schema.ts";
import { pruneWanda } from "../prune.wanda.ts";
import {
  choice,
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  node,
  randomFloats,
  value,
  weight,
} from "../testing/build.ts";
import { calibrating, floatInput, itemsOf } from "../testing/calibration.ts";
import { Comparer } from "../testing/compare.ts";
import { controlFlow, controlFlowItems, reached } from "../testing/control-flow.ts";
import { inEnglish } from "../testing/in-english.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function prune(source: Model, calibration: CalibrationData, sparsity = 0.5) {
  const changed = cloneStructure(source);
  const step = pruneWandaSchema.parse({ use: "prune.wanda", sparsity });
  return { result: inEnglish(await pruneWanda(changed, step, calibrating(calibration))), changed };
}

function weightIn(source: Model, name: string): number[] {
  const tensors = indexModel(source).scopes.flatMap((scope) => scope.graph?.initializer ?? []);
  const tensor = tensors.find((one) => one.name === name);
  if (tensor === undefined) throw new Error(`no weight ${name}`);
  return [...readFloats(tensor)];
}

describe("weights in If, Loop and Scan", () => {
  const width = 24;

  it("are pruned, but for a branch that no item takes", async () => {
    const source = controlFlow(width);
    const { result, changed } = await prune(source, controlFlowItems(width, 6), 0.125);
    expect(result.changed.map(({ name }) => name).sort()).toEqual(["model", ...reached].sort());
    expect(result.skipped).toEqual([
      { name: "never_w", reason: 'no calibration item reaches it, in graph 1 of If "n_y"' },
    ]);
    validateModel(changed);
    for (const name of reached) {
      const zeros = weightIn(changed, name).filter((entry) => entry === 0);
      expect(zeros, name).toHaveLength(width * (width / 8));
    }
    for (const range of [
      [-1, 1.4],
      [-1.4, 1],
    ] as [number, number][]) {
      const { error, outputs } = await comparer.compare(source, changed, { ranges: { x: range } });
      expect(error).toBeUndefined();
      for (const { cosine } of outputs) expect(cosine).toBeGreaterThan(0.9);
    }
  });

  const x = value("x", ["n", 8]);
  const main = (nodes: Model["graph"]["node"], initializer: Model["graph"]["initializer"]) =>
    model(graph({ input: [x], output: [value("y", ["n", 8])], node: nodes, initializer }));
  const rows = (seed: number, shift = 0) => ({
    x: floatInput(
      [3, 8],
      randomFloats(24, seed).map((entry, at) => (entry + shift) * (1 + (at % 8))),
    ),
  });

  it("count what they meet in every turn of a Loop, as the same nodes one after another would", async () => {
    const turn = graph({
      input: [value("i", [], "int64"), value("go", [], "bool"), value("s", ["n", 8])],
      output: [value("go_on", [], "bool"), value("next", ["n", 8])],
      node: [
        node("Identity", ["go"], ["go_on"]),
        node("MatMul", ["s", "w"], ["m"]),
        node("Sigmoid", ["m"], ["next"]),
      ],
    });
    const weights = [weight("w", [8, 8], 3), int64s("turns", [3], [])];
    const looped = main([node("Loop", ["turns", "", "x"], ["y"], [graphAttribute("body", turn)])], weights);
    const unrolled = main(
      ["x", "1", "2"].flatMap((from, at) => [
        node("MatMul", [from, "w"], [`m${at}`]),
        node("Sigmoid", [`m${at}`], [at === 2 ? "y" : `${at + 1}`]),
      ]),
      weights,
    );
    const items = itemsOf(rows(1), rows(2));
    const pruned = weightIn((await prune(looped, items)).changed, "w");
    expect(pruned).toEqual(weightIn((await prune(unrolled, items)).changed, "w"));
    // The first turn alone would prune others.
    const once = main([node("MatMul", ["x", "w"], ["y"])], weights);
    expect(pruned).not.toEqual(weightIn((await prune(once, items)).changed, "w"));
  });

  it("count in a branch the items that take it", async () => {
    const branch = (name: string) =>
      graph({
        name,
        node: [node("MatMul", ["x", `${name}_w`], [`${name}_y`])],
        output: [value(`${name}_y`, ["n", 8])],
        initializer: [weight(`${name}_w`, [8, 8], 3)],
      });
    const source = main(
      [
        node("ReduceSum", ["x"], ["sum"], [makeInt("keepdims", 0)]),
        node("Greater", ["sum", "zero"], ["positive"]),
        choice("positive", "y", branch("t"), branch("e")),
      ],
      [floats("zero", [], [0])],
    );
    const single = main([node("MatMul", ["x", "w"], ["y"])], [weight("w", [8, 8], 3)]);
    const [plus, minus] = [[rows(1, 2), rows(2, 2)], [rows(3, -2)]];
    const { changed } = await prune(source, itemsOf(...plus, ...minus));
    expect(weightIn(changed, "t_w")).toEqual(weightIn((await prune(single, itemsOf(...plus))).changed, "w"));
    expect(weightIn(changed, "e_w")).toEqual(weightIn((await prune(single, itemsOf(...minus))).changed, "w"));
    expect(weightIn(changed, "t_w")).not.toEqual(weightIn(changed, "e_w"));
  });

  it("forget what fills up a fixed batch where a Scan goes over it", async () => {
    const step = graph({
      input: [value("e", [2])],
      output: [value("o", [1])],
      node: [node("MatMul", ["e", "w"], ["o"])],
    });
    const source = model(
      graph({
        input: [value("x", [4, 2])],
        output: [value("y", [4, 1])],
        node: [node("Scan", ["x"], ["y"], [graphAttribute("body", step), makeInt("num_scan_inputs", 1)])],
        initializer: [floats("w", [2, 1], [1, 1])],
      }),
    );
    // Items [0, 4] and [3, 0]; the second one is repeated three times to make a batch of four.
    const x = floatInput([4, 2], Float32Array.of(0, 4, 3, 0, 3, 0, 3, 0));
    const filled = {
      ...itemsOf({ x }),
      batches: () => [{ feeds: { x }, rows: Uint32Array.of(0, 1), size: 4 }],
    };
    expect(weightIn((await prune(source, filled)).changed, "w")).toEqual([0, 1]);
  });
});
