import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeFloat, makeInt, makeInts, makeString, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { silent } from "../pass.ts";
import { quantizeDynamicSchema } from "../quantize.dynamic.schema.ts";
import { quantizeDynamic } from "../quantize.dynamic.ts";
import {
  graph,
  graphAttribute,
  int64s,
  model,
  names,
  node,
  opTypes,
  value,
  weight,
} from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { initializersOf } from "../testing/describe.ts";
import { type EnglishResult, inEnglish } from "../testing/in-english.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function quantize(
  source: Model,
  options: object = {},
): Promise<{ result: EnglishResult; changed: Model }> {
  const changed = cloneStructure(source);
  const parsed = quantizeDynamicSchema.parse({ use: "quantize.dynamic", ...options });
  return { result: inEnglish(await quantizeDynamic(changed, parsed, silent)), changed };
}

async function expectClose(source: Model, changed: Model, cosine = 0.999, options = {}) {
  const { error, outputs } = await comparer.compare(source, changed, options);
  expect(error).toBeUndefined();
  expect(outputs.length).toBeGreaterThan(0);
  for (const output of outputs) {
    expect(output.finite, output.name).toBe(true);
    expect(output.cosine, output.name).toBeGreaterThan(cosine);
  }
}

const x = value("x", [4, 16]);

function dense(nodes: Node[], initializer = [weight("w", [16, 16])], outputs = ["y"]): Model {
  return model(
    graph({ input: [x], output: outputs.map((name) => value(name, ["a", "b"])), node: nodes, initializer }),
  );
}

describe("shared and tied weights", () => {
  it("quantises a tensor that two MatMul nodes share once, and the activation they share too", async () => {
    const source = dense([
      node("MatMul", ["x", "w"], ["a"]),
      node("MatMul", ["x", "w"], ["b"]),
      node("Add", ["a", "b"], ["y"]),
    ]);
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(2);
    expect(names(changed.graph.initializer)).toEqual(["w_scale", "w_zero_point", "w_quantized"]);
    expect(opTypes(changed.graph).filter((op) => op === "DynamicQuantizeLinear")).toHaveLength(1);
    await expectClose(source, changed);
  });

  it("does not transpose a weight for the others that a Gemm reads transposed", async () => {
    const source = dense([
      node("Gemm", ["x", "w"], ["a"], [makeInt("transB", 1)]),
      node("MatMul", ["x", "w"], ["b"]),
      node("Add", ["a", "b"], ["y"]),
    ]);
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toEqual(["w_scale", "w_zero_point", "w_quantized"]);
    expect(opTypes(changed.graph)).toContain("Transpose");
    await expectClose(source, changed);
    const perChannel = (await quantize(source, { per_channel: true })).changed;
    await expectClose(source, perChannel, 0.9995);
  });

  it("keeps a float copy where a node that is not quantised reads the weight, bit for bit", async () => {
    const source = dense([
      node("ReduceMean", ["w"], ["s"], [makeInts("axes", [1]), makeInt("keepdims", 0)]),
      node("Gemm", ["x", "w"], ["a"], [makeInt("transB", 1)]),
      node("Mul", ["a", "s"], ["y"]),
    ]);
    const { changed } = await quantize(source);
    expect(initializersOf(changed.graph).w).toBe(initializersOf(source.graph).w);
    expect(names(changed.graph.initializer)).toContain("w_quantized");
    await expectClose(source, changed);
  });

  it("finds a tied embedding through Identity and Transpose and stores it once", async () => {
    const source = model(
      graph({
        input: [value("ids", [3], "int64")],
        output: [value("logits", [3, 40])],
        node: [
          node("Gather", ["table", "ids"], ["rows"]),
          node("Tanh", ["rows"], ["h"]),
          node("Identity", ["table"], ["tied"]),
          node("Transpose", ["tied"], ["head"], [makeInts("perm", [1, 0])]),
          node("MatMul", ["h", "head"], ["logits"]),
        ],
        initializer: [weight("table", [40, 16])],
      }),
    );
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toEqual(["table_scale", "table_zero_point", "table_quantized"]);
    expect(opTypes(changed.graph)).not.toContain("Identity");
    await expectClose(source, changed);
  });

  it("quantises a weight that is a Constant node", async () => {
    const constant = node("Constant", [], ["w"], [makeTensorAttribute("value", weight("", [16, 16]))]);
    const source = dense([constant, node("MatMul", ["x", "w"], ["y"])], []);
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(1);
    expect(opTypes(changed.graph)).not.toContain("Constant");
    await expectClose(source, changed);
  });

  it("keeps a weight that is an output of the model", async () => {
    const source = dense([node("MatMul", ["x", "w"], ["y"])], undefined, ["y", "w"]);
    const { changed } = await quantize(source);
    expect(names(changed.graph.initializer)).toContain("w");
    await expectClose(source, changed);
  });

  it("hands a quantised embedding straight to MatMul, and dequantises it for others only where needed", async () => {
    const source = model(
      graph({
        input: [value("ids", [3], "int64")],
        output: [value("y", [3, 8])],
        node: [node("Gather", ["table", "ids"], ["rows"]), node("MatMul", ["rows", "w"], ["y"])],
        initializer: [weight("table", [40, 16]), weight("w", [16, 8], 2)],
      }),
    );
    const { changed } = await quantize(source);
    expect(opTypes(changed.graph)).not.toContain("DynamicQuantizeLinear");
    expect(opTypes(changed.graph)).not.toContain("DequantizeLinear");
    await expectClose(source, changed);
  });
});

/** If with a MatMul in both branches; `w` is outside, `v` inside, both read the outer activation. */
function branches(): Model {
  const branch = (name: string, weightName: string, own: boolean) =>
    graph({
      name,
      output: [value(`${name}_y`, [4, 16])],
      node: [node("MatMul", ["h", weightName], [`${name}_m`]), node("Relu", [`${name}_m`], [`${name}_y`])],
      initializer: own ? [weight(weightName, [16, 16], 3)] : [],
    });
  return model(
    graph({
      input: [x, value("c", [], "bool")],
      output: [value("y", [4, 16])],
      node: [
        node("Tanh", ["x"], ["h"]),
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
      initializer: [weight("w", [16, 16])],
    }),
  );
}

describe("subgraphs", () => {
  it("quantises the branches of If; the outer activation is quantised once, outside", async () => {
    const source = branches();
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(2);
    expect(opTypes(changed.graph)).toEqual(["Tanh", "DynamicQuantizeLinear", "If"]);
    expect(names(changed.graph.initializer)).toContain("w_quantized");
    const inner = changed.graph.node[2]?.attribute.map((attribute) => names(attribute.g?.initializer ?? []));
    expect(inner).toEqual([[], ["v_scale", "v_zero_point", "v_quantized"]]);
    for (const seed of [1, 2, 3, 4]) await expectClose(source, changed, 0.999, { seed });
  });

  it("quantises the body of Loop, whose state changes every turn", async () => {
    const body = graph({
      input: [value("i", [], "int64"), value("go", [], "bool"), value("s", [4, 16])],
      output: [value("go_on", [], "bool"), value("s_next", [4, 16])],
      node: [
        node("Identity", ["go"], ["go_on"]),
        node("MatMul", ["s", "w"], ["m"]),
        node("MatMul", ["x", "w"], ["k"]),
        node("Add", ["m", "k"], ["sum"]),
        node("Tanh", ["sum"], ["s_next"]),
      ],
    });
    const source = model(
      graph({
        input: [x],
        output: [value("y", [4, 16])],
        node: [node("Loop", ["turns", "", "x"], ["y"], [graphAttribute("body", body)])],
        initializer: [weight("w", [16, 16], 1, 0.3), int64s("turns", [3], [])],
      }),
    );
    const { changed, result } = await quantize(source);
    expect(result.changed).toHaveLength(2);
    expect(opTypes(changed.graph)).toEqual(["DynamicQuantizeLinear", "Loop"]);
    await expectClose(source, changed, 0.995);
  });

  it("gives a subgraph the float form of an embedding that is quantised outside", async () => {
    const branch = (name: string, op: string) =>
      graph({ name, output: [value(`${name}_y`, [3, 16])], node: [node(op, ["rows"], [`${name}_y`])] });
    const source = model(
      graph({
        input: [value("ids", [3], "int64"), value("c", [], "bool")],
        output: [value("y", [3, 16])],
        node: [
          node("Gather", ["table", "ids"], ["rows"]),
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("yes", "Relu")),
              graphAttribute("else_branch", branch("no", "Tanh")),
            ],
          ),
        ],
        initializer: [weight("table", [40, 16])],
      }),
    );
    const { changed } = await quantize(source);
    expect(opTypes(changed.graph)).toEqual(["Gather", "DequantizeLinear", "If"]);
    await expectClose(source, changed);
  });
});

describe("what stays as it is", () => {
  it.each([
    ["alpha", [makeFloat("alpha", 0.5)], "Gemm with alpha other than 1"],
    ["beta", [makeFloat("beta", 0.5)], "Gemm with beta other than 1"],
    ["transA", [makeInt("transA", 1)], "Gemm that transposes its activations"],
  ])("a Gemm with %s", async (_, attributes, reason) => {
    const source = dense([node("Gemm", ["x", "w"], ["y"], attributes)]);
    const { changed, result } = await quantize(source);
    expect(result).toEqual({ changed: [], skipped: [{ name: "n_y", reason }], warnings: [] });
    expect(changed).toEqual(source);
  });

  it("nodes that are excluded or not included, by their original names", async () => {
    const source = dense([node("Gemm", ["x", "w"], ["a"]), node("MatMul", ["a", "w"], ["y"])]);
    expect(
      (await quantize(source, { nodes_to_exclude: ["n_a"] })).result.changed.map(({ name }) => name),
    ).toEqual(["n_y"]);
    expect(
      (await quantize(source, { nodes_to_include: ["n_a"] })).result.changed.map(({ name }) => name),
    ).toEqual(["n_a"]);
  });

  it("a product of two activations, and a weight on the left", async () => {
    const source = dense([node("MatMul", ["x", "x"], ["a"]), node("MatMul", ["w", "a"], ["y"])]);
    const reasons = (await quantize(source)).result.skipped.map(({ reason }) => reason);
    expect(reasons).toEqual([
      "both operands are computed while the model runs",
      "its weight is the left operand, and only the right one can be quantised",
    ]);
  });

  it("weights that are not finite", async () => {
    const broken = weight("w", [16, 16]);
    const values = new Float32Array(256).fill(0.5);
    values[7] = Number.NaN;
    const source = dense(
      [node("MatMul", ["x", "w"], ["y"])],
      [{ ...broken, rawData: new Uint8Array(values.buffer) }],
    );
    const { result } = await quantize(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toContain("not finite");
  });
});

describe("other operators", () => {
  it("Conv where it is asked for, with its bias", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 3, 8, 8])],
        output: [value("y", [1, 4, 6, 6])],
        node: [node("Conv", ["x", "w", "b"], ["y"])],
        initializer: [weight("w", [4, 3, 3, 3]), weight("b", [4], 2)],
      }),
    );
    const { changed } = await quantize(source, { op_types: ["Conv"] });
    expect(opTypes(changed.graph)).toContain("ConvInteger");
    await expectClose(source, changed);
  });

  it("Attention of com.microsoft", async () => {
    const attention = {
      ...node("Attention", ["x", "w", "b"], ["y"], [makeInt("num_heads", 2)]),
      domain: "com.microsoft",
    };
    const source = model(
      graph({
        input: [value("x", [1, 5, 16])],
        output: [value("y", [1, 5, 16])],
        node: [attention],
        initializer: [weight("w", [16, 48], 1, 0.3), weight("b", [48], 2, 0.3)],
      }),
    );
    source.opsetImport.push({ domain: "com.microsoft", version: 1 });
    const { changed, result } = await quantize(source, { op_types: ["Attention"] });
    expect(result.changed).toHaveLength(1);
    expect(opTypes(changed.graph)).toEqual(["DynamicQuantizeLinear", "QAttention"]);
    await expectClose(source, changed, 0.995);
  });

  it.each([false, true])("a batch of matrices as weight, per channel %s", async (perChannel) => {
    const source = model(
      graph({
        input: [value("x", [2, 4, 16])],
        output: [value("y", [2, 4, 8])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [2, 16, 8])],
      }),
    );
    await expectClose(source, (await quantize(source, { per_channel: perChannel })).changed);
  });

  it("bidirectional LSTM with all optional inputs", async () => {
    const source = model(
      graph({
        input: [value("x", [5, 2, 8])],
        output: [value("y", [5, 2, 2, 6])],
        node: [
          node(
            "LSTM",
            ["x", "W", "R", "B", "", "h", "c"],
            ["y"],
            [makeInt("hidden_size", 6), makeString("direction", "bidirectional")],
          ),
        ],
        initializer: [
          weight("W", [2, 24, 8], 1, 0.4),
          weight("R", [2, 24, 6], 2, 0.4),
          weight("B", [2, 48], 3, 0.4),
          weight("h", [2, 2, 6], 4, 0.4),
          weight("c", [2, 2, 6], 5, 0.4),
        ],
      }),
    );
    for (const per_channel of [false, true])
      await expectClose(source, (await quantize(source, { per_channel })).changed);
  });
});
