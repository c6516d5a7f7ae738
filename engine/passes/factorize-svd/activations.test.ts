import { afterAll, describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { HostTensor } from "../../evaluate/tensors/tensor.ts";
import { ThreadPool } from "../../runtime/pool.ts";
import { loadExecutable } from "../../runtime/tools.ts";
import type { CalibrationData } from "../pass.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { factorize } from "./testing/low-rank.ts";

const pool = new ThreadPool(2);
afterAll(() => pool[Symbol.asyncDispose]());

/** Items whose values shrink from channel to channel: most directions of the weights hardly matter. */
function calibrationOf(dims: number[], decay: number): CalibrationData {
  const size = dims.reduce((a, b) => a * b, 1);
  const [channels = 1, ...spatial] = dims;
  const area = spatial.reduce((a, b) => a * b, 1);
  const item = (seed: number) =>
    randomFloats(size * 4, seed).map((entry, at) => entry * decay ** (Math.floor(at / area) % channels));
  return {
    items: 40,
    description: "40 items",
    *batches() {
      for (let batch = 0; batch < 10; batch++) {
        const x: HostTensor = { dtype: "float32", dims: [4, ...dims], data: item(batch + 1) };
        yield { feeds: { x }, rows: Uint32Array.of(0, 1, 2, 3), size: 4 };
      }
    },
  };
}

/** Squared error of the outputs over the calibration items, relative to the outputs. */
async function errorOf(source: Model, changed: Model, calibration: CalibrationData): Promise<number> {
  const [a, b] = [await loadExecutable(source), await loadExecutable(changed)];
  let [gap, all] = [0, 0];
  for (const { feeds } of calibration.batches(a.signature)) {
    const before = (await a.run(feeds)).y?.data as Float32Array;
    const after = (await b.run(feeds)).y?.data as Float32Array;
    before.forEach((entry, at) => {
      gap += (entry - (after[at] ?? Number.NaN)) ** 2;
      all += entry ** 2;
    });
  }
  await a.release();
  await b.release();
  return gap / all;
}

const layers: [string, number[], Model][] = [
  ["MatMul that widens", [16], matmul(16, 40)],
  ["MatMul that narrows", [40], matmul(40, 16)],
  [
    "Gemm with a bias and a transposed weight",
    [40],
    net(["x", "w", "b"], [weight("w", [16, 40]), weight("b", [16])], [40], [16], [makeInt("transB", 1)]),
  ],
  ["Gemm that widens", [16], net(["x", "w", "b"], [weight("w", [16, 40]), weight("b", [40])], [16], [40])],
  [
    "Conv with a bias",
    [12, 6, 6],
    net(["x", "w", "b"], [weight("w", [16, 12, 3, 3]), weight("b", [16], 5, 9)], [12, 6, 6], [16, 4, 4]),
  ],
];

function net(
  input: string[],
  initializer: Model["graph"]["initializer"],
  from: number[],
  to: number[],
  attribute: Parameters<typeof node>[3] = [],
) {
  const op = from.length > 1 ? "Conv" : input.length > 2 ? "Gemm" : "MatMul";
  return model(
    graph({
      node: [node(op, input, ["y"], attribute)],
      input: [value("x", ["n", ...from])],
      output: [value("y", ["n", ...to])],
      initializer,
    }),
  );
}

function matmul(inputs: number, outputs: number): Model {
  return net(["x", "w"], [weight("w", [inputs, outputs])], [inputs], [outputs]);
}

describe("factors that look at the data", () => {
  it.each(layers)("%s: the outputs are nearer than with the weights alone", async (_, dims, source) => {
    const calibration = calibrationOf(dims, 0.7);
    const tools = { load: loadExecutable, calibration };
    const plain = await factorize(source, { rank: 4 });
    const aware = await factorize(source, { rank: 4, activation_aware: true, damping: 0.001 }, tools);
    const [before, after] = [
      await errorOf(source, plain.changed, calibration),
      await errorOf(source, aware.changed, calibration),
    ];
    expect(aware.result.changed[1]?.what).toMatch(/% of the energy of its outputs on the data kept$/);
    expect(after).toBeLessThan(0.9 * before);
    // What the report promises is what the outputs show, the bias aside.
    const kept = Number(/, ([\d.]+)% of/.exec(aware.result.changed[1]?.what ?? "")?.[1]);
    if (source.graph.node[0]?.input.length === 2) expect(100 * (1 - after)).toBeCloseTo(kept, 0);
  });

  it("threads give the same factors as one core", async () => {
    const source = matmul(40, 16);
    const tools = { load: loadExecutable, calibration: calibrationOf([40], 0.7) };
    const alone = await factorize(source, { rank: 4, activation_aware: true }, tools);
    const many = await factorize(source, { rank: 4, activation_aware: true }, { ...tools, pool });
    expect(many.changed).toEqual(alone.changed);
    expect((await factorize(source, { budget: 0.5 }, { pool })).changed).toEqual(
      (await factorize(source, { budget: 0.5 })).changed,
    );
  });

  it("says where the data does not count", async () => {
    const source = model(
      graph({
        input: [value("x", ["n", 16])],
        output: [value("y", ["n", 16])],
        node: [
          node("MatMul", ["x", "zero"], ["o"]),
          node("MatMul", ["o", "dead"], ["h0"]),
          node("Add", ["h0", "x"], ["h"]),
          node("MatMul", ["h", "w"], ["v"]),
          node("Transpose", ["w"], ["turned"]),
          node("MatMul", ["v", "turned"], ["y"]),
        ],
        initializer: [
          weight("w", [16, 16]),
          weight("dead", [16, 16], 2),
          floats("zero", [16, 16], Array(256).fill(0)),
        ],
      }),
    );
    const { result } = await factorize(
      source,
      { rank: 2, activation_aware: true },
      { load: loadExecutable, calibration: calibrationOf([16], 0.9) },
    );
    expect(Object.fromEntries(result.changed.map(({ name, what }) => [name, what.split("; ")[1]]))).toEqual({
      model: undefined,
      dead: "the data does not count: what it gives on the data is zero throughout",
      w: "the data does not count: nodes use it both ways",
    });
    expect(result.skipped).toEqual([{ name: "zero", reason: "all its values are zero" }]);
  });
});
