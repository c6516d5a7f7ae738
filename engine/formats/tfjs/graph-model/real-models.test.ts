import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { filesOf, type SourceFiles } from "../../source.ts";
import { expectSameGraph } from "../testing/graph.ts";

const folder = sharedData("data/tfjs");

beforeAll(async () => {
  await tf.setBackend("cpu");
});

function filesIn(path: string): SourceFiles {
  const names = readdirSync(path).sort();
  return filesOf(
    Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(path, name)))])),
  );
}

function numbers(shape: number[], scale: number): tf.Tensor {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return tf.tensor(
    Float32Array.from(noise(count, 9), (value) => value * scale),
    shape,
  );
}

describe.skipIf(folder === undefined)("models that others published", () => {
  const run = (name: string, feeds: Parameters<typeof expectSameGraph>[1]) =>
    expectSameGraph(filesIn(join(folder ?? "", name)), feeds);

  it("dense, with a signature", async () => {
    const feeds = [1, 100].map((scale) => ({ "dense_dense1_input:0": numbers([4, 1], scale) }));
    const { model } = await run("dense-graph", feeds);
    expect(model.graph.output.map(({ name }) => name)).toEqual(["Identity:0"]);
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(["Gemm"]);
  });

  it("dense, without one", async () => {
    await run(
      "rn-dense-graph",
      [1, 100].map((scale) => ({ dense_dense2_input: numbers([4, 10], scale) })),
    );
  });

  it("a product of matrices of fixed size", async () => {
    await run("matmul-graph", [{ "Placeholder:0": numbers([2, 2], 1) }]);
  });

  it("a classifier of files, at several batches", async () => {
    const bytes = (rows: number, seed: number) => {
      const values = Float32Array.from(
        noise(rows * 1536, seed),
        (value) => Math.floor(((value + 1) / 2) * 257) % 257,
      );
      return tf.tensor(values, [rows, 1536]);
    };
    const { model, operators } = await run(
      "magika-v1-graph",
      [1, 3].map((rows) => ({ model_input: bytes(rows, rows) })),
    );
    expect(operators).toMatchObject({ Const: 66, GatherV2: 6, Erf: 3, OneHot: 1 });
    // The arithmetic of shapes has become constants.
    const kinds = new Set(model.graph.node.map(({ opType }) => opType));
    expect([...kinds].filter((kind) => ["Shape", "ReduceProd", "Slice"].includes(kind))).toEqual([]);
  });
});
