import { describe, expect, it } from "vitest";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeFloat } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { floats, graph, model, node, value, weight } from "#engine/passes/testing/build.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { differentiate } from "../autodiff/differentiate.ts";
import { Emitter } from "../autodiff/emitter.ts";
import { ForwardGraph } from "../autodiff/forward.ts";
import { trainBatchNormalization } from "./batch-normalization.ts";

const dims = [2, 2, 3];
/** n^1.5 / 7 */
const data = Float32Array.from({ length: 12 }, (_, at) => at ** 1.5 / 7);

function normalizing(): Model {
  return model(
    graph({
      node: [
        node(
          "BatchNormalization",
          ["x", "scale", "bias", "mean", "variance"],
          ["y"],
          [makeFloat("momentum", 0.8)],
        ),
      ],
      input: [value("x", dims)],
      output: [value("y", dims)],
      initializer: [
        floats("scale", [2], [1, 1]),
        floats("bias", [2], [0, 0]),
        floats("mean", [2], [0.5, -1]),
        floats("variance", [2], [2, 0.25]),
      ],
    }),
    18,
  );
}

async function run(
  trained: Model,
  feeds: Record<string, { dims: number[]; data: Float32Array }>,
  optimization: "disabled" | "all" = "disabled",
) {
  const session = await loadSession(Buffer.concat(encodeModel(trained)), { optimization });
  const tensors = Object.entries(feeds).map(([name, feed]) => [name, { dtype: "float32" as const, ...feed }]);
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return (name: string) => results[name]?.data as Float32Array;
}

describe("BatchNormalization in training", () => {
  it("normalises by the batch and updates what it remembers as PyTorch does, but for the variance's n / (n − 1)", async () => {
    const trained = normalizing();
    const statistics = trainBatchNormalization(trained);
    expect(statistics.map(({ name, initial }) => [name, [...initial]])).toEqual([
      ["mean", [0.5, -1]],
      ["variance", [2, 0.25]],
    ]);
    const feeds = Object.fromEntries(
      statistics.map(({ name, initial }) => [name, { dims: [initial.length], data: initial }]),
    );
    const result = await run(trained, { x: { dims, data }, ...feeds });
    const [mean, variance] = statistics.map(({ updated }) => result(updated));
    // torch.nn.functional.batch_norm(x, mean, variance, training=True, momentum=0.2) of PyTorch 1.13 in float64.
    closeTo(mean, [0.6841573416993663, -0.23103742092476776]);
    const count = 6;
    const [population, torch] = [variance ?? [], [1.9971602840113223, 0.931975215958075]];
    const before = [2, 0.25];
    const unbiased = Array.from(population, (value, at) => {
      const batch = (value - (before[at] ?? 0) * 0.8) / 0.2;
      return (before[at] ?? 0) * 0.8 + 0.2 * batch * (count / (count - 1));
    });
    closeTo(unbiased, torch);
    closeTo(
      result("y").subarray(0, 4),
      [-1.1044607533782786, -0.9934095261378457, -0.7903604500150851, -1.2039095010918497],
    );
  });

  it("gives the same in several layers, gradients and all, however ONNX Runtime optimises the graph", async () => {
    const deep = model(
      graph({
        node: [
          node("Conv", ["x", "w"], ["c"]),
          node("BatchNormalization", ["c", "s1", "b1", "m1", "v1"], ["n1"]),
          node("Relu", ["n1"], ["r"]),
          node("BatchNormalization", ["r", "s2", "b2", "m2", "v2"], ["y"]),
        ],
        input: [value("x", dims)],
        output: [value("y", [2, 2, 2])],
        initializer: [
          weight("w", [2, 2, 2]),
          ...["1", "2"].flatMap((at) => [
            floats(`s${at}`, [2], [1, 0.5]),
            floats(`b${at}`, [2], [0.1, 0]),
            floats(`m${at}`, [2], [0, 0]),
            floats(`v${at}`, [2], [1, 1]),
          ]),
        ],
      }),
      18,
    );
    const statistics = trainBatchNormalization(deep);
    const emit = new Emitter(uniqueNames(deep));
    const seed = emit.floats([2, 2, 2], data.subarray(0, 8));
    const seeds = new Map([["y", seed]]);
    const found = differentiate(new ForwardGraph(deep, new Map()), emit, seeds, [
      "w",
      "s1",
      "b1",
      "s2",
      "b2",
    ]);
    deep.graph.node.push(...emit.nodes);
    deep.graph.initializer.push(...emit.initializers);
    deep.graph.output.push(...[...found.values()].map(({ name }) => makeValue(name, "float32")));
    const feeds = Object.fromEntries(
      statistics.map(({ name, initial }) => [name, { dims: [2], data: initial }]),
    );
    const names = deep.graph.output.map(({ name }) => name);
    const [plain, optimised] = await Promise.all(
      (["disabled", "all"] as const).map(async (optimization) => {
        const result = await run(deep, { x: { dims, data }, ...feeds }, optimization);
        return names.map((name) => result(name));
      }),
    );
    expect(names.length).toBe(10);
    for (const at of names.keys()) closeTo(optimised?.[at], [...(plain?.[at] ?? [])]);
    expect(plain?.every((values) => values?.some((number) => number !== 0))).toBe(true);
  });

  it("leaves frozen nodes, and those whose statistics are computed, as they are", () => {
    const frozen = normalizing();
    expect(trainBatchNormalization(frozen, ({ name }) => name === "n_y")).toEqual([]);
    expect(frozen).toEqual(normalizing());
    const computed = normalizing();
    computed.graph.initializer = computed.graph.initializer.filter(({ name }) => name !== "mean");
    computed.graph.initializer.push(weight("m0", [2]));
    computed.graph.node.unshift(node("Neg", ["m0"], ["mean"]));
    const before = structuredClone(computed);
    expect(trainBatchNormalization(computed)).toEqual([]);
    expect(computed).toEqual(before);
  });

  it("refuses statistics that two nodes share", () => {
    const shared = normalizing();
    shared.graph.node.push(node("BatchNormalization", ["y", "scale", "bias", "mean", "variance"], ["z"]));
    expect(() => trainBatchNormalization(shared)).toThrow('"mean" holds the statistics of two nodes');
  });
});

function closeTo(found: ArrayLike<number> | undefined, expected: readonly number[]): void {
  expect(found?.length).toBe(expected.length);
  expected.forEach((value, at) => {
    expect(found?.[at]).toBeCloseTo(value, 5);
  });
}
