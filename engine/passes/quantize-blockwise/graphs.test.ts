import { afterAll, describe, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeFloat, makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { cloneStructure } from "../clone.ts";
import { type PassResult, silent } from "../pass.ts";
import { quantizeBlockwiseSchema } from "../quantize.blockwise.schema.ts";
import { quantizeBlockwise } from "../quantize.blockwise.ts";
import {
  graph,
  graphAttribute,
  model,
  names,
  node,
  opTypes,
  randomFloats,
  value,
  weight,
} from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { dequantizedModel } from "../testing/dequantize-blocks.ts";
import { initializersOf } from "../testing/describe.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function quantize(
  source: Model,
  options: object = {},
): Promise<{ result: PassResult; changed: Model }> {
  const changed = cloneStructure(source);
  const parsed = quantizeBlockwiseSchema.parse({ use: "quantize.blockwise", block_size: 16, ...options });
  const result = await quantizeBlockwise(changed, parsed, silent);
  expect(modelProblems(changed)).toEqual([]);
  return { result, changed };
}

/** The kernels compute what the integers in the file stand for: exactly in float32, nearly so in int8. */
async function expectSound(
  source: Model,
  changed: Model,
  { cosine = 0.99, level = 4, seed = 1 }: { cosine?: number; level?: number; seed?: number } = {},
) {
  const options = { seed };
  const meant = await comparer.compare(dequantizedModel(changed), changed, options);
  expect(meant.error).toBeUndefined();
  expect(meant.outputs.length).toBeGreaterThan(0);
  for (const { name, maxAbs, rms } of meant.outputs) {
    expect(maxAbs / Math.max(rms, 1e-6), name).toBeLessThan(level === 4 ? 0.06 : 1e-5);
  }
  const { error, outputs } = await comparer.compare(source, changed, options);
  expect(error).toBeUndefined();
  for (const output of outputs) {
    expect(output.finite, output.name).toBe(true);
    expect(output.cosine, output.name).toBeGreaterThan(cosine);
  }
}

const x = value("x", [4, 64]);

function dense(nodes: Node[], initializer = [weight("w", [64, 64])], outputs = ["y"]): Model {
  return model(
    graph({ input: [x], output: outputs.map((name) => value(name, ["a", "b"])), node: nodes, initializer }),
  );
}

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
      await expectSound(source, changed, { level, cosine: options.bits === 4 ? 0.98 : 0.9998 });
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
    await expectSound(source, changed);
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
      await expectSound(source, changed, { level: 1, cosine: options.bits === 4 ? 0.99 : 0.9998 });
    },
  );

  it("of three dimensions", async () => {
    const { changed } = await quantize(embedding([10, 3, 32]), { symmetric: false });
    expect(initializersOf(changed.graph).table_Q4).toMatch(/^uint8 \[10,3,16\]/);
    await expectSound(embedding([10, 3, 32]), changed, { level: 1 });
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

/** Embedding whose table is the output layer too, through a Transpose or Gemm's transB. */
function tied(width: number, gemm: boolean): Model {
  const head = gemm
    ? [node("Gemm", ["h", "tied"], ["logits"], [makeInt("transB", 1)])]
    : [
        node("Transpose", ["tied"], ["head"], [makeInts("perm", [1, 0])]),
        node("MatMul", ["h", "head"], ["logits"]),
      ];
  return model(
    graph({
      input: [value("ids", [3], "int64")],
      output: [value("logits", [3, 40])],
      node: [
        node("Gather", ["table", "ids"], ["rows"]),
        node("Tanh", ["rows"], ["h"]),
        node("Identity", ["table"], ["tied"]),
        ...head,
      ],
      initializer: [weight("table", [40, width])],
    }),
  );
}

describe("shared and tied weights", () => {
  it.each([true, false])("stores a tied embedding once (Gemm: %s)", async (gemm) => {
    for (const symmetric of [true, false]) {
      const source = tied(48, gemm);
      const { changed, result } = await quantize(source, { symmetric });
      expect(result.changed).toHaveLength(2);
      expect(names(changed.graph.initializer)).toEqual([
        "table_Q4",
        "table_scales",
        ...(symmetric ? [] : ["table_zero_points"]),
        "table_Q4_shape",
      ]);
      expect(opTypes(changed.graph)).toEqual(["Reshape", "GatherBlockQuantized", "Tanh", "MatMulNBits"]);
      await expectSound(source, changed);
    }
  });

  it("stores it twice where its rows are no whole number of blocks", async () => {
    const source = tied(40, true);
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toEqual([
      "table_Q4",
      "table_scales",
      "table_Q4_1",
      "table_scales_1",
    ]);
    await expectSound(source, changed);
  });

  it("quantises a tensor that two nodes share once, and once more for a reader of its transpose", async () => {
    const source = dense([
      node("MatMul", ["x", "w"], ["a"]),
      node("MatMul", ["a", "w"], ["b"]),
      node("Gemm", ["b", "w"], ["y"], [makeInt("transB", 1)]),
    ]);
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(3);
    expect(names(changed.graph.initializer)).toEqual(["w_Q4", "w_scales", "w_Q4_1", "w_scales_1"]);
    await expectSound(source, changed);
  });

  it("keeps the float values where another node reads them, bit for bit, and says so", async () => {
    const source = dense([
      node("ReduceMean", ["w"], ["s"], [makeInts("axes", [1]), makeInt("keepdims", 0)]),
      node("MatMul", ["x", "w"], ["a"]),
      node("Mul", ["a", "s"], ["y"]),
    ]);
    const { changed, result } = await quantize(source);
    expect(initializersOf(changed.graph).w).toBe(initializersOf(source.graph).w);
    expect(result.warnings).toEqual([
      "The float values of w stay in the file as well: nodes that cannot be quantised read them",
    ]);
    await expectSound(source, changed);
  });

  it("quantises a weight that is a Constant node", async () => {
    const constant = node("Constant", [], ["w"], [makeTensorAttribute("value", weight("", [64, 64]))]);
    const source = dense([constant, node("MatMul", ["x", "w"], ["y"])], []);
    const { changed } = await quantize(source);
    expect(opTypes(changed.graph)).toEqual(["MatMulNBits"]);
    await expectSound(source, changed);
  });

  it("gives new names where the wanted ones are taken", async () => {
    const source = dense(
      [node("MatMul", ["x", "w"], ["w_Q4"]), node("Add", ["w_Q4", "w_scales"], ["y"])],
      [weight("w", [64, 64]), weight("w_scales", [64], 3)],
    );
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toEqual(["w_scales", "w_Q4_1", "w_scales_1"]);
    await expectSound(source, changed);
  });

  it("leaves the bytes of the original alone", async () => {
    const source = dense([node("MatMul", ["x", "w"], ["y"])]);
    const before = Buffer.concat(encodeModel(source));
    await quantize(source);
    expect(Buffer.concat(encodeModel(source)).equals(before)).toBe(true);
  });
});

describe("subgraphs and inputs", () => {
  it("quantises both branches of If, weights outside and inside", async () => {
    const branch = (name: string, weightName: string, own: boolean) =>
      graph({
        name,
        output: [value(`${name}_y`, [4, 64])],
        node: [node("MatMul", ["x", weightName], [`${name}_y`])],
        initializer: own ? [weight(weightName, [64, 64], 3)] : [],
      });
    const source = model(
      graph({
        input: [x, value("c", [], "bool")],
        output: [value("y", [4, 64])],
        node: [
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("yes", "w", false)),
              graphAttribute("else_branch", branch("no", "v", true)),
            ],
          ),
        ],
        initializer: [weight("w", [64, 64])],
      }),
    );
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(2);
    expect(names(changed.graph.initializer)).toEqual(["w_Q4", "w_scales"]);
    const inner = changed.graph.node[0]?.attribute.map((attribute) => names(attribute.g?.initializer ?? []));
    expect(inner).toEqual([[], ["v_Q4", "v_scales"]]);
    for (const seed of [1, 2, 3, 4]) await expectSound(source, changed, { seed });
  });

  it("takes the input away that could have overridden a quantised weight, and says so", async () => {
    const source = dense([node("MatMul", ["x", "w"], ["y"])]);
    source.graph.input.push(value("w", [64, 64]));
    const { changed, result } = await quantize(source);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x"]);
    expect(result.warnings).toEqual(["Inputs that held the defaults of quantised weights are gone: w"]);
    source.irVersion = 3;
    expect((await quantize(source)).changed.irVersion).toBe(4);
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
      "it would grow from 5120 to 8448 bytes: its columns of 20 are filled up to blocks of 256",
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
