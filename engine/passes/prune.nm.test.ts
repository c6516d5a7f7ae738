import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { silent } from "./pass.ts";
import { pruneNmSchema } from "./prune.nm.schema.ts";
import { pruneNm } from "./prune.nm.ts";
import { keepPerGroup, magnitudes } from "./pruning/choose.ts";
import { forEachLine, linesAlong } from "./pruning/lines.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "./testing/build.ts";
import { Comparer } from "./testing/compare.ts";
import { weightsEverywhere } from "./testing/everywhere.ts";
import { inEnglish } from "./testing/in-english.ts";
import { valuesOf } from "./testing/values.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function prune(source: Model, options: object = {}) {
  const changed = cloneStructure(source);
  const parsed = pruneNmSchema.parse({ use: "prune.nm", ...options });
  return { result: inEnglish(await pruneNm(changed, parsed, silent)), changed };
}

/** One operator on one weight `w`; shapes are of no concern, nothing is run. */
function single(
  opType: string,
  dims: number[],
  data: number[],
  attribute = [makeInt("unused", 0)],
  left = false,
) {
  return model(
    graph({
      input: [value("x", [1])],
      output: [value("y", [1])],
      node: [node(opType, left ? ["w", "x"] : ["x", "w"], ["y"], attribute)],
      initializer: [floats("w", dims, data)],
    }),
  );
}

/** 1 to 8 along the rows of [2, 4]. */
const matrix = [1, 2, 3, 4, 8, 7, 6, 5];

describe("the axis of each operator", () => {
  it.each([
    // [2, 4] as [K, N]: columns of two, of which the larger stays.
    { name: "MatMul, right", opType: "MatMul", n: 1, m: 2, kept: [0, 0, 0, 0, 8, 7, 6, 5] },
    { name: "MatMul, left", opType: "MatMul", left: true, n: 2, m: 4, kept: [0, 0, 3, 4, 8, 7, 0, 0] },
    { name: "Gemm", opType: "Gemm", n: 1, m: 2, kept: [0, 0, 0, 0, 8, 7, 6, 5] },
    {
      name: "Gemm, transB",
      opType: "Gemm",
      attribute: [makeInt("transB", 1)],
      n: 2,
      m: 4,
      kept: [0, 0, 3, 4, 8, 7, 0, 0],
    },
    {
      name: "Gemm, transA",
      opType: "Gemm",
      left: true,
      attribute: [makeInt("transA", 1)],
      n: 1,
      m: 2,
      kept: [0, 0, 0, 0, 8, 7, 6, 5],
    },
  ])("$name", async ({ opType, attribute, left, n, m, kept }) => {
    const { changed } = await prune(single(opType, [2, 4], matrix, attribute, left), { n, m });
    expect(valuesOf(changed, "w")).toEqual(kept);
  });

  it("Conv: input channels, for each output channel and kernel position on its own", async () => {
    // [1, 4, 1, 2]: channel c has the values c + 1 at position 0 and 4 − c at position 1.
    const { changed } = await prune(single("Conv", [1, 4, 1, 2], [1, 4, 2, 3, 3, 2, 4, 1]));
    expect(valuesOf(changed, "w")).toEqual([0, 4, 0, 3, 3, 0, 4, 0]);
  });

  it("ConvTranspose: input channels of each group", async () => {
    const w = single("ConvTranspose", [4, 1, 1], [1, 2, 4, 3], [makeInt("group", 2)]);
    expect(valuesOf((await prune(w, { n: 1, m: 2 })).changed, "w")).toEqual([0, 2, 4, 0]);
    // Groups of four would reach from one convolution into the other: both have two inputs only.
    expect((await prune(w, { n: 2, m: 4 })).result.skipped[0]?.reason).toContain("its 2 inputs");
  });

  it("LSTM: the inputs of each gate", async () => {
    const { changed } = await prune(single("LSTM", [1, 2, 4], matrix));
    expect(valuesOf(changed, "w")).toEqual([0, 0, 3, 4, 8, 7, 0, 0]);
  });

  it("tied through a Transpose: as the node reads it", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 4])],
        output: [value("y", [1, 2])],
        node: [
          node("Transpose", ["w"], ["t"], [makeInts("perm", [1, 0])]),
          node("MatMul", ["x", "t"], ["y"]),
        ],
        initializer: [floats("w", [2, 4], matrix)],
      }),
    );
    expect(valuesOf((await prune(source)).changed, "w")).toEqual([0, 0, 3, 4, 8, 7, 0, 0]);
  });

  it("leaves alone what is summed along two axes, and what is looked up", async () => {
    const source = model(
      graph({
        input: [value("x", [4, 4]), value("i", [2], "int64")],
        output: [value("y", [4, 4])],
        node: [
          node("MatMul", ["x", "w"], ["a"]),
          node("Gemm", ["a", "w"], ["b"], [makeInt("transB", 1)]),
          node("Gather", ["table", "i"], ["y"]),
        ],
        initializer: [weight("w", [4, 4]), weight("table", [4, 4])],
      }),
    );
    const { result, changed } = await prune(source);
    expect(changed).toEqual(source);
    expect(result.skipped).toEqual([
      { name: "w", reason: "the nodes that share it sum along different axes of it" },
      { name: "table", reason: 'Gather "n_y" sums no products along an axis of it' },
    ]);
  });
});

describe("which weights of a group stay", () => {
  it("exactly n of m, the largest, and min(n, r) of a last group of r", () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 9 }),
      columns: fc.integer({ min: 1, max: 9 }),
      blocks: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(
        shape,
        fc.nat(2),
        fc.integer(),
        fc.integer({ min: 2, max: 5 }),
        fc.nat(),
        (sizes, axis, seed, m, pick) => {
          const n = 1 + (pick % (m - 1));
          const dims = [sizes.blocks, sizes.rows, sizes.columns];
          const values = randomFloats(sizes.blocks * sizes.rows * sizes.columns, seed);
          const before = values.slice();
          const lines = linesAlong(dims, axis);
          const kept = keepPerGroup({ values, scores: magnitudes(values) }, lines, n, m);
          expect(values).toEqual(before);
          const seen = new Set<number>();
          forEachLine(lines, (start, stride) => {
            for (let from = 0; from < lines.length; from += m) {
              const group = Array.from(
                { length: Math.min(m, lines.length - from) },
                (_, k) => start + (from + k) * stride,
              );
              for (const at of group) seen.add(at);
              const stay = group.filter((at) => kept[at] !== 0);
              expect(stay).toHaveLength(Math.min(n, group.length));
              const least = Math.min(...stay.map((at) => Math.abs(values[at] ?? 0)));
              for (const at of group) {
                if (kept[at] === 0) expect(Math.abs(values[at] ?? 0)).toBeLessThanOrEqual(least);
                else expect(kept[at]).toBe(values[at]);
              }
            }
          });
          expect(seen.size).toBe(values.length);
        },
      ),
    );
  });

  it("the earlier of equals, and a second time all that are left", async () => {
    const once = await prune(single("Gemm", [1, 6], [1, -1, 1, 1, 5, 5], [makeInt("transB", 1)]));
    expect(valuesOf(once.changed, "w")).toEqual([1, -1, 0, 0, 5, 5]);
    const twice = await prune(once.changed);
    expect(twice.result.changed).toEqual([]);
    expect(valuesOf(twice.changed, "w")).toEqual(valuesOf(once.changed, "w"));
  });

  it("NaN, which is no small number", async () => {
    const { changed } = await prune(single("Gemm", [1, 4], [1, Number.NaN, 3, 2], [makeInt("transB", 1)]));
    expect(valuesOf(changed, "w")).toEqual([0, Number.NaN, 3, 0]);
  });
});

it("works in a subgraph and on a Constant, once on what is shared, and the result runs", async () => {
  const source = weightsEverywhere();
  const { changed, result } = await prune(source, { n: 7, m: 8 });
  expect(result.changed.map(({ name, what }) => `${name} ${what.split(" ")[0]}`)).toEqual([
    "model 32",
    "w 8",
    "k 8",
    "t_w 8",
    "e_w 8",
  ]);
  const { error, outputs } = await comparer.compare(source, changed);
  expect(error).toBeUndefined();
  expect(outputs[0]?.cosine).toBeGreaterThan(0.95);
});

it("refuses groups that keep everything", () => {
  expect(pruneNmSchema.safeParse({ use: "prune.nm", n: 4, m: 4 }).success).toBe(false);
  expect(pruneNmSchema.safeParse({ use: "prune.nm", n: 1 }).success).toBe(true);
});
