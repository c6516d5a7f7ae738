import { describe, expect, it } from "vitest";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable, trainingOf } from "#engine/runtime/tools.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { withValues } from "#engine/train/graph/parameters.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { cloneStructure } from "../graph/clone.ts";
import { indexModel } from "../graph/index.ts";
import { runStep } from "./index.ts";
import { silent } from "./pass.ts";
import { type StepInput, stepSchema } from "./step.schema.ts";
import { floatInput } from "./testing/calibration.ts";
import { inEnglish } from "./testing/in-english.ts";
import { withAdapters } from "./train-lora/adapters.ts";
import { loraTargets } from "./train-lora/targets.ts";

const network = () => mlp({ input: [2], hidden: [48, 32], outputs: 2 }, 5);
type Options = Omit<Extract<StepInput, { use: "train.lora" }>, "use">;
const usual: Options = {
  epochs: 12,
  batch_size: 16,
  learning_rate: 0.02,
  rank: 4,
  alpha: 8,
  min_weights: 512,
};
const parse = (options: Options) => {
  const step = stepSchema.parse({ use: "train.lora", ...usual, ...options });
  if (step.use !== "train.lora") throw new Error("another step");
  return step;
};

async function recover(options: Options = {}, source = network()) {
  const model = cloneStructure(source);
  const result = await runStep(model, parse(options), { ...silent, training: trainingOf(signs()) });
  return { model, result: inEnglish(result) };
}

const tensors = (model: Model) =>
  new Map(model.graph.initializer.map((tensor) => [tensor.name ?? "", readFloats(tensor)]));

async function outputOf(model: Model): Promise<number[]> {
  const session = await loadExecutable(model);
  const input = floatInput([3, 2], Float32Array.of(0.5, -0.2, 1, 0.3, -0.7, 0.9));
  const [output] = Object.values(await session.run({ input }));
  await session.release();
  return [...((output?.data as Float32Array | undefined) ?? [])];
}

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(a.length).toBe(b.length);
  a.forEach((value, at) => {
    expect(value).toBeCloseTo(b[at] ?? Number.NaN, 4);
  });
}

describe("train.lora", () => {
  it("moves the large matrix alone, by a matrix of low rank, and leaves the graph as it was", async () => {
    const source = network();
    const { model, result } = await recover();
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(
      source.graph.node.map(({ opType }) => opType),
    );
    const [before, after] = [tensors(source), tensors(model)];
    const moved = [...after].filter(([name, values]) =>
      values.some((value, at) => value !== before.get(name)?.[at]),
    );
    expect(moved.map(([name]) => name)).toEqual(["dense2.weight"]);
    const difference = (moved[0]?.[1] ?? new Float32Array()).map(
      (value, at) => value - (before.get("dense2.weight")?.[at] ?? 0),
    );
    const columns = source.graph.initializer.find(({ name }) => name === "dense2.weight")?.dims[1] ?? 0;
    expect(rankOf(difference, columns)).toBeLessThanOrEqual(4);
    expect(result.changed.at(-1)?.what).toBe("a correction of rank 4 is added to 1,536 weights");
    expect(result.changed[0]?.what).toMatch(/^320 weights trained/);
    expect(result.skipped.map(({ reason }) => reason).sort()).toEqual([
      "its 64 weights are fewer than the 512 from which on a correction pays",
      "its 96 weights are fewer than the 512 from which on a correction pays",
    ]);
  });

  it("stands beside pruned weights, whose zeros stay, and computes the same as added to them", async () => {
    const dense = tensors(network()).get("dense2.weight") ?? new Float32Array();
    const pruned = withValues(
      network(),
      new Map([["dense2.weight", dense.map((value) => (Math.abs(value) < 0.1 ? 0 : value))]]),
    );
    const beside = await recover({}, pruned);
    expect(tensors(beside.model).get("dense2.weight")).toEqual(tensors(pruned).get("dense2.weight"));
    expect(beside.result.changed.at(-1)?.what).toBe(
      "a correction of rank 4 stands beside 1,536 weights: 320 more",
    );
    expect(beside.result.warnings.at(-1)).toMatch(/^Corrections that stand beside/);
    expect(beside.model.graph.node.filter(({ opType }) => opType === "Mul")).toEqual([]);
    const added = await recover({ merge: "always" }, pruned);
    expectClose(await outputOf(beside.model), await outputOf(added.model));
  });

  it("changes nothing before the first step", async () => {
    const source = network();
    const { targets } = loraTargets(indexModel(source), parse({ min_weights: 1, rank: 1 }));
    expect(targets).toHaveLength(3);
    const { model } = withAdapters(source, targets, 1, 2, 7);
    expectClose(await outputOf(model), await outputOf(source));
  });

  it("is not applicable where no matrix is large enough", async () => {
    const { result } = await recover({ min_weights: 1e6 });
    expect(result.skipped[0]?.reason).toBe("it has no MatMul or Gemm that a correction could stand beside");
    const { result: wide } = await recover({ rank: 40 });
    expect(wide.skipped.some(({ reason }) => /^a correction of rank 40 is no smaller/.test(reason))).toBe(
      true,
    );
  });
});

/** Rank of a matrix by elimination, up to rounding of float32. */
function rankOf(values: Float32Array, columns: number): number {
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    Float64Array.from(values.subarray(row * columns, (row + 1) * columns)),
  );
  const largest = Math.max(...values.map(Math.abs));
  let rank = 0;
  for (let column = 0; column < columns; column++) {
    const pivot = rows
      .slice(rank)
      .reduce(
        (best, row, at) => (Math.abs(row[column]!) > Math.abs(rows[best]?.[column] ?? 0) ? rank + at : best),
        rank,
      );
    const chosen = rows[pivot];
    if (chosen === undefined || Math.abs(chosen[column]!) < 1e-4 * largest) continue;
    [rows[rank], rows[pivot]] = [chosen, rows[rank]!];
    for (const row of rows.slice(rank + 1)) {
      const share = row[column]! / chosen[column]!;
      for (let at = column; at < columns; at++) row[at] = row[at]! - share * chosen[at]!;
    }
    rank++;
  }
  return rank;
}
