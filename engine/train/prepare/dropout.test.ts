import { describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { floats, graph, model, node, value } from "#engine/passes/testing/build.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { differentiate } from "../autodiff/differentiate.ts";
import { Emitter } from "../autodiff/emitter.ts";
import { ForwardGraph } from "../autodiff/forward.ts";
import { fillMask } from "../masks.ts";
import { maskDropout } from "./dropout.ts";

const dims = [4, 25];
const data = Float32Array.from({ length: 100 }, (_, at) => at - 49.5);

/** y = Dropout(x), and what it keeps as numbers. */
function dropping(ratio: number | undefined): Model {
  return model(
    graph({
      node: [
        node("Dropout", ratio === undefined ? ["x"] : ["x", "ratio"], ["y", "kept"]),
        node("Cast", ["kept"], ["k"], [makeInt("to", dtypes.float32.code)]),
      ],
      input: [value("x", dims)],
      output: [value("y", dims), value("k", dims)],
      initializer: ratio === undefined ? [] : [floats("ratio", [], [ratio])],
    }),
    18,
  );
}

/** Outputs of the model and dx for an upstream of ones. */
async function run(dropout: Model, masks: Record<string, Float32Array>) {
  const emit = new Emitter((name) => `b_${name}_${counter++}`);
  const seed = emit.op("Shape", [{ name: "x", dims }], [2]);
  const ones = emit.op("Expand", [emit.scalar(1), seed], dims);
  const found = differentiate(new ForwardGraph(dropout, new Map()), emit, new Map([["y", ones]]), ["x"]);
  dropout.graph.node.push(...emit.nodes);
  dropout.graph.initializer.push(...emit.initializers);
  const gradient = found.get("x")?.name ?? "";
  dropout.graph.output.push(value(gradient, dims));
  const session = await loadExecutable(dropout);
  const feeds = Object.entries({ x: data, ...masks }).map(([name, values]) => [
    name,
    { dtype: "float32" as const, dims, data: values },
  ]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return ["y", "k", gradient].map((name) => results[name]?.data as Float32Array);
}
let counter = 0;

describe("Dropout in training", () => {
  it.each([0.2, undefined])("is a product with a mask that is fed: ratio %s", async (ratio) => {
    const trained = dropping(ratio);
    const [mask, ...others] = maskDropout(trained, new Map());
    expect(others).toEqual([]);
    expect(mask).toMatchObject({ dims, ratio: Math.fround(ratio ?? 0.5) });
    const values = new Float32Array(100);
    fillMask(values, mask?.ratio ?? 0, { seed: 7, step: 3, name: mask?.name ?? "" });
    const [y, kept, dx] = await run(trained, { [mask?.name ?? ""]: values });
    expect(y).toEqual(data.map((x, at) => x * (values[at] ?? 0)));
    expect(kept).toEqual(values.map((value) => (value === 0 ? 0 : 1)));
    expect(dx).toEqual(values);
  });

  it("changes nothing for a ratio of 0, nor where it stays for evaluation", async () => {
    const none = dropping(0);
    expect(maskDropout(none, new Map())).toEqual([]);
    for (const unchanged of [none, dropping(0.5)]) {
      const [y, kept, dx] = await run(unchanged, {});
      expect(y).toEqual(data);
      expect(kept?.every((value) => value === 1)).toBe(true);
      expect(dx?.every((value) => value === 1)).toBe(true);
    }
  });

  it("refuses a ratio of 1, one that is not known, and random numbers of the operator's own", async () => {
    expect(() => maskDropout(dropping(1), new Map())).toThrow("its ratio is 1");
    const unknown = dropping(0.5);
    unknown.graph.initializer = [];
    unknown.graph.input.push(value("ratio", []));
    expect(() => maskDropout(unknown, new Map())).toThrow("not known before the model runs");
    const training = dropping(0.5);
    training.graph.node[0]?.input.push("training");
    training.graph.input.push(value("training", [], "bool"));
    await expect(run(training, {})).rejects.toThrow("random numbers of its own");
  });
});
