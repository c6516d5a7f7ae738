import { afterAll, describe, expect, it } from "vitest";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { graph, model, node, opTypes, randomFloats, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { initializersOf } from "../testing/describe.ts";
import { dense, expectSound, quantize, x } from "./testing/sound.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

describe("MatMulNBits computes what the integers stand for", () => {
  const every = [16, 32, 64, 128, 256].flatMap((block_size) =>
    ([4, 8] as const).flatMap((bits) => [true, false].map((symmetric) => ({ block_size, bits, symmetric }))),
  );
  it.each(every)("%o", async (options) => {
    // More than two blocks, the last one short, an odd number of columns.
    const rows = 2 * options.block_size + 41;
    const source = model(
      graph({
        input: [value("x", [3, 2, rows])],
        output: [value("y", [3, 2, 33])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [rows, 33])],
      }),
    );
    for (const level of [1, 4]) {
      const { changed } = await quantize(source, { ...options, accuracy_level: level });
      expect(opTypes(changed.graph)).toEqual(["MatMulNBits"]);
      await expectSound(comparer, source, changed, { level, cosine: options.bits === 4 ? 0.98 : 0.9998 });
    }
  });

  it.each([4, 8])("of float16, %i bits", async (bits) => {
    const half = makeTensor("w", "float16", [70, 24], float16Array(randomFloats(70 * 24, 5)));
    const source = model(
      graph({
        input: [value("x", [3, 70])],
        output: [value("y", [3, 24])],
        node: [
          node("Cast", ["x"], ["h"], [makeInt("to", dtypes.float16.code)]),
          node("MatMul", ["h", "w"], ["m"]),
          node("Cast", ["m"], ["y"], [makeInt("to", dtypes.float32.code)]),
        ],
        initializer: [half],
      }),
    );
    const { changed, result } = await quantize(source, { bits, symmetric: false });
    expect(result.changed[0]?.what).toContain("float16 → int");
    const { error, outputs } = await comparer.compare(source, changed);
    expect(error).toBeUndefined();
    expect(outputs[0]?.cosine).toBeGreaterThan(bits === 4 ? 0.99 : 0.9998);
  });
});

describe("Gemm", () => {
  it.each([0, 1])("with a bias, transB %i", async (transB) => {
    const source = model(
      graph({
        input: [x],
        output: [value("y", [4, 32])],
        node: [node("Gemm", ["x", "w", "b"], ["y"], [makeInt("transB", transB)])],
        initializer: [weight("w", transB ? [32, 64] : [64, 32]), weight("b", [32], 2)],
      }),
    );
    const { changed } = await quantize(source);
    expect(opTypes(changed.graph)).toEqual(["MatMulNBits", "Add"]);
    expect(changed.graph.node.map(({ name }) => name)).toEqual(["n_y_MatMul_Q4", "n_y_Add"]);
    await expectSound(comparer, source, changed);
  });

  it.each([
    ["alpha", [makeFloat("alpha", 0.5)], "Gemm with alpha other than 1"],
    ["beta", [makeFloat("beta", 0.5)], "Gemm with beta other than 1"],
    ["transA", [makeInt("transA", 1)], "Gemm that transposes its activations"],
  ])("with %s stays as it is", async (_, attributes, reason) => {
    const source = dense([node("Gemm", ["x", "w"], ["y"], attributes)]);
    const { changed, result } = await quantize(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped).toContainEqual({ name: "n_y", reason });
    expect(changed).toEqual(source);
  });
});

function embedding(dims: number[], initializer = [weight("table", dims)]): Model {
  return model(
    graph({
      input: [value("ids", [3, 2], "int64")],
      output: [makeValue("y", "float32")],
      node: [node("Gather", ["table", "ids"], ["y"])],
      initializer,
    }),
  );
}

describe("tables", () => {
  it.each(([4, 8] as const).flatMap((bits) => [true, false].map((symmetric) => ({ bits, symmetric }))))(
    "%o: rows that are no whole number of blocks",
    async (options) => {
      const source = embedding([10, 50]);
      const { changed, result } = await quantize(source, options);
      expect(result.changed).toHaveLength(1);
      expect(opTypes(changed.graph)).toEqual(["GatherBlockQuantized"]);
      await expectSound(comparer, source, changed, { level: 1, cosine: options.bits === 4 ? 0.99 : 0.9998 });
    },
  );

  it("of three dimensions", async () => {
    const { changed } = await quantize(embedding([10, 3, 32]), { symmetric: false });
    expect(initializersOf(changed.graph).table_Q4).toMatch(/^uint8 \[10,3,16\]/);
    await expectSound(comparer, embedding([10, 3, 32]), changed, { level: 1 });
  });

  it("stay as they are where the kernel cannot read them", async () => {
    const { result } = await quantize(embedding([10, 51]));
    expect(result.skipped.map(({ reason }) => reason)).toContain(
      "its rows have 51 elements: rows of 4-bit numbers are packed in pairs",
    );
    expect((await quantize(embedding([10, 51]), { bits: 8 })).result.changed).toHaveLength(1);
    const column = embedding([10, 48]);
    column.graph.node[0]?.attribute.push(makeInt("axis", 1));
    expect((await quantize(column)).result.skipped.map(({ reason }) => reason)).toContain(
      "it does not gather along the first axis",
    );
  });
});

describe("what stays as it is", () => {
  it("nodes that are excluded or not included", async () => {
    const source = dense([node("Gemm", ["x", "w"], ["a"]), node("MatMul", ["a", "w"], ["y"])]);
    for (const options of [
      { nodes_to_exclude: ["n_a"] },
      { nodes_to_include: ["n_y"] },
      { op_types: ["MatMul"] },
    ]) {
      const { result } = await quantize(source, options);
      expect(result.changed.map(({ name }) => name)).toEqual(["n_y"]);
    }
  });

  it.each([
    [
      "a weight smaller than a block",
      [8, 8],
      { block_size: 128 },
      "its weight is smaller than one block of 128",
    ],
    [
      "columns too short for a scale",
      [8, 64],
      {},
      "its columns have 8 elements, too few for a scale of their own",
    ],
    [
      "columns that padding makes longer than they were",
      [20, 64],
      { block_size: 256 },
      "it would grow from 5,120 to 8,448 bytes: its columns of 20 are filled up to blocks of 256",
    ],
    ["a batch of matrices", [1, 64, 8], {}, "its weight has 3 dimensions, not 2"],
  ])("%s", async (_, dims, options, reason) => {
    const source = model(
      graph({
        input: [value("x", [1, 4, dims.at(-2) ?? 1])],
        output: [value("y", [1, 4, dims.at(-1) ?? 1])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", dims)],
      }),
    );
    const { result, changed } = await quantize(source, options);
    expect(result.changed).toEqual([]);
    expect(result.skipped).toContainEqual({ name: "n_y", reason });
    expect(changed).toEqual(source);
  });

  it("products of activations, and weights on the left", async () => {
    const source = dense([node("MatMul", ["x", "x"], ["a"]), node("MatMul", ["w", "a"], ["y"])]);
    const reasons = (await quantize(source)).result.skipped.map(({ reason }) => reason);
    expect(reasons).toEqual([
      "both operands are computed while the model runs",
      "its weight is the left operand, and only the right one can be quantised",
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 3e38])("weights with %d", async (odd) => {
    const values = new Float32Array(64 * 64).fill(0.5);
    values.set([odd, -odd], 7);
    const source = dense([node("MatMul", ["x", "w"], ["y"])], [makeTensor("w", "float32", [64, 64], values)]);
    values.set([-odd, odd], 7 + 64);
    const { result, changed } = await quantize(source, { symmetric: false });
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toContain("not finite");
    expect(changed).toEqual(source);
  });

  it("a model that is quantised already, and one without weights", async () => {
    const { changed } = await quantize(dense([node("MatMul", ["x", "w"], ["y"])]));
    expect((await quantize(changed)).result.skipped[0]?.reason).toBe("the model is quantised already");
    const empty = dense([node("Relu", ["x"], ["y"])], []);
    expect((await quantize(empty)).result.skipped[0]?.reason).toBe(
      "it has no MatMul, Gemm, Gather node with a float weight",
    );
  });
});
