import { afterAll, describe, expect, it } from "vitest";
import { makeFloat, makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { cloneStructure } from "./clone.ts";
import { type PassResult, silent } from "./pass.ts";
import { quantizeStaticSchema } from "./quantize.static.schema.ts";
import { quantizeStatic } from "./quantize.static.ts";
import { randomCalibration } from "./quantize-static/testing/random.ts";
import {
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  names,
  node,
  opTypes,
  value,
  weight,
} from "./testing/build.ts";
import { type CompareRequest, Comparer } from "./testing/compare.ts";
import { tensorText } from "./testing/describe.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const formats = ["qdq", "qoperator"] as const;
const calibration = randomCalibration({ batches: 8, batch: 4 });

async function run(source: Model, options: object = {}): Promise<{ changed: Model; result: PassResult }> {
  const changed = cloneStructure(source);
  const before = source.graph.initializer.map(tensorText);
  const step = quantizeStaticSchema.parse({ use: "quantize.static", ...options });
  const result = await quantizeStatic(changed, step, { ...silent, load: loadExecutable, calibration });
  expect(source.graph.initializer.map(tensorText)).toEqual(before);
  return { changed, result };
}

/** Quantises in both formats, with one scale per channel and one per tensor, and compares with the original. */
/** Another seed than the weights have: inputs that equal a weight give results that no calibration item gave. */
const unlike = { dims: { n: 4 }, seed: 12_345 };

async function check(
  source: Model,
  options: object = {},
  cosine = 0.999,
  inputs: Partial<CompareRequest> = { dims: { n: 4 } },
): Promise<Record<string, Model>> {
  const made: Record<string, Model> = {};
  for (const format of formats) {
    for (const per_channel of [true, false]) {
      const { changed, result } = await run(source, { format, per_channel, ...options });
      expect(result.changed.length, `${format} ${JSON.stringify(result.skipped)}`).toBeGreaterThan(0);
      const { error, outputs } = await comparer.compare(source, changed, inputs);
      expect(error, `${format} ${per_channel}`).toBeUndefined();
      for (const output of outputs) {
        expect(output.cosine, `${format} ${per_channel} ${output.name}`).toBeGreaterThan(cosine);
      }
      if (per_channel) made[format] = changed;
    }
  }
  return made;
}

const ops = (made: Model | undefined) => (made === undefined ? [] : opTypes(made.graph));

const x = value("x", ["n", 16]);
const y = value("y", ["n", 16]);
const image = value("x", ["n", 4, 8, 8]);

describe("weights wherever they stand", () => {
  it("a matrix that a Gemm reads transposed and a MatMul as it is", async () => {
    const nodes = [
      node("Gemm", ["x", "w", "b"], ["a"], [makeInt("transB", 1)]),
      node("MatMul", ["a", "w"], ["y"]),
    ];
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2)];
    await check(model(graph({ input: [x], output: [y], node: nodes, initializer })), {}, 0.999, unlike);
  });

  it("a table that serves as output matrix too, through Transpose and Identity", async () => {
    const nodes = [
      node("Gather", ["table", "ids"], ["rows"]),
      node("Identity", ["table"], ["tied"]),
      node("Transpose", ["tied"], ["columns"], [makeInts("perm", [1, 0])]),
      node("MatMul", ["rows", "columns"], ["y"]),
    ];
    const source = model(
      graph({
        input: [value("ids", ["n"], "int64")],
        output: [value("y", ["n", 12])],
        node: nodes,
        initializer: [weight("table", [12, 32])],
      }),
    );
    const made = await check(source);
    for (const format of formats) expect(ops(made[format])).not.toContain("Transpose");
  });

  it("a Constant node", async () => {
    const constant = node("Constant", [], ["w"], [makeTensorAttribute("value", weight("w", [16, 16]))]);
    const source = model(
      graph({ input: [x], output: [y], node: [constant, node("MatMul", ["x", "w"], ["y"])] }),
    );
    const made = await check(source);
    expect(names(made.qdq?.graph.initializer ?? [])).toContain("w_quantized");
    expect(ops(made.qdq)).not.toContain("Constant");
  });

  it("a default that a caller could override becomes a constant, with a warning", async () => {
    const source = model(
      graph({
        input: [x, value("w", [16, 16]), value("b", [16])],
        output: [y],
        node: [node("Gemm", ["x", "w", "b"], ["y"])],
        initializer: [weight("w", [16, 16]), weight("b", [16], 2)],
      }),
    );
    const { changed, result } = await run(source);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x"]);
    expect(result.warnings.join()).toContain("gone");
  });

  it("IR version 3 and an opset without quantisation are raised", async () => {
    const source = model(
      graph({
        input: [image, value("w", [6, 4, 3, 3])],
        output: [value("y", ["n", 6, 6, 6])],
        node: [node("Conv", ["x", "w"], ["y"])],
        initializer: [weight("w", [6, 4, 3, 3])],
      }),
      8,
      3,
    );
    const made = await check(source);
    expect(made.qdq?.opsetImport[0]?.version).toBe(13);
    expect(made.qoperator?.opsetImport[0]?.version).toBe(11);
  });

  it("weights of rank 3 have one scale per tensor", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4, 16])],
        output: [value("y", [2, 4, 8])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [2, 16, 8])],
      }),
    );
    await check(source);
  });

  it("float16 weights are not touched", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4], "float16")],
        output: [value("y", [2, 4], "float16")],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [makeTensor("w", "float16", [4, 4], new Uint16Array(16).fill(0x3c00))],
      }),
    );
    const { result } = await run(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toContain("no node that can be quantised has a float32 weight");
  });
});

describe("biases", () => {
  it("one that two convolutions share has two scales", async () => {
    const nodes = [
      node("Conv", ["x", "v", "b"], ["a"], [makeInts("pads", [1, 1, 1, 1])]),
      node("Conv", ["a", "w", "b"], ["y"], [makeInts("pads", [1, 1, 1, 1])]),
    ];
    const initializer = [
      weight("v", [4, 4, 3, 3], 1, 0.2),
      weight("w", [4, 4, 3, 3], 2, 5),
      weight("b", [4], 3),
    ];
    const source = model(
      graph({ input: [image], output: [value("y", ["n", 4, 8, 8])], node: nodes, initializer }),
    );
    await check(source);
  });

  it("one that an Add reads too", async () => {
    const nodes = [node("Gemm", ["x", "w", "b"], ["a"]), node("Add", ["a", "b"], ["y"])];
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2)];
    await check(model(graph({ input: [x], output: [y], node: nodes, initializer })));
  });

  it.each([
    [0.5, 1],
    [1, 3],
    [2, 0.25],
  ])("alpha %f and beta %f of Gemm", async (alpha, beta) => {
    const attributes = [makeFloat("alpha", alpha), makeFloat("beta", beta)];
    const nodes = [
      node("Gemm", ["x", "w", "b"], ["a"], attributes),
      node("Gemm", ["a", "w", "b"], ["y"], attributes),
    ];
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2, 4)];
    await check(model(graph({ input: [x], output: [y], node: nodes, initializer })));
  });

  it("one per row or one for all stays a float per channel, and is right", async () => {
    for (const dims of [[1], [1, 16], [1, 1]]) {
      const nodes = [node("Gemm", ["x", "w", "b"], ["y"])];
      const initializer = [weight("w", [16, 16]), weight("b", dims, 2)];
      for (const per_channel of [true, false]) {
        const source = model(graph({ input: [x], output: [y], node: nodes, initializer }));
        const { changed, result } = await run(source, { per_channel });
        expect(result.changed.length).toBeGreaterThan(0);
        const { error, outputs } = await comparer.compare(source, changed, { dims: { n: 4 } });
        expect(error).toBeUndefined();
        expect(outputs[0]?.cosine).toBeGreaterThan(0.999);
      }
    }
  });

  it("one that would overflow int32 raises the weight's scale", async () => {
    const initializer = [weight("w", [16, 16], 1, 1e-6), weight("b", [16], 2, 1e4)];
    const source = model(
      graph({ input: [x], output: [y], node: [node("Gemm", ["x", "w", "b"], ["y"])], initializer }),
    );
    await check(source, {}, 0.9999);
  });
});

describe("Relu and Clip", () => {
  const convolution = (...rest: Parameters<typeof node>[]) =>
    model(
      graph({
        input: [image],
        output: [value("y", ["n", 4, 6, 6])],
        node: [node("Conv", ["x", "w"], ["c"]), ...rest.map((entry) => node(...entry))],
        initializer: [weight("w", [4, 4, 3, 3]), floats("low", [], [0]), floats("high", [], [1.5])],
      }),
    );

  it("go where the range clips", async () => {
    for (const last of [["Relu", ["c"], ["y"]] as const, ["Clip", ["c", "low", "high"], ["y"]] as const]) {
      const made = await check(convolution([last[0], [...last[1]], [...last[2]]]));
      for (const format of formats) expect(ops(made[format])).not.toContain(last[0]);
    }
  });

  it("stay where a bound is computed, or where they are to stay", async () => {
    const computed = convolution(
      ["ReduceMax", ["x"], ["bound"], [makeInt("keepdims", 0)]],
      ["Clip", ["c", "low", "bound"], ["y"]],
    );
    const made = await check(computed);
    for (const format of formats) expect(ops(made[format])).toContain("Clip");
    const kept = await check(convolution(["Relu", ["c"], ["y"]]), { keep_activations: true });
    for (const format of formats) expect(ops(kept[format])).toContain("Relu");
  });

  it("stay with symmetric activations and with symmetric ranges", async () => {
    for (const options of [{ symmetric_activations: true }, { symmetric_ranges: true }]) {
      for (const activation_type of ["uint8", "int8"]) {
        const made = await check(convolution(["Relu", ["c"], ["y"]]), { activation_type, ...options });
        for (const format of formats) expect(ops(made[format])).toContain("Relu");
      }
    }
  });

  it("stay where another node reads what goes in", async () => {
    const source = convolution(["Relu", ["c"], ["r"]], ["Add", ["c", "r"], ["y"]]);
    const made = await check(source);
    expect(ops(made.qoperator)).toContain("Relu");
    expect(ops(made.qdq)).toContain("Relu");
  });
});

describe("subgraphs", () => {
  const branch = (output: string, source: string, initializer = [weight(`${output}_w`, [16, 16], 9)]) =>
    graph({
      name: output,
      output: [value(output, ["n", 16])],
      node: [node("MatMul", [source, `${output}_w`], [output])],
      initializer,
    });
  const source = model(
    graph({
      input: [x],
      output: [y],
      node: [
        node("Gemm", ["x", "w", "b"], ["g"]),
        node("Relu", ["g"], ["r"]),
        node("ReduceSum", ["r"], ["sum"], [makeInt("keepdims", 0)]),
        node("Greater", ["sum", "zero"], ["positive"]),
        node(
          "If",
          ["positive"],
          ["z"],
          [graphAttribute("then_branch", branch("t", "r")), graphAttribute("else_branch", branch("e", "r"))],
        ),
        node("MatMul", ["z", "w"], ["y"]),
      ],
      initializer: [weight("w", [16, 16]), weight("b", [16], 2), floats("zero", [], [0])],
    }),
  );

  it("are not calibrated, and what they read keeps its meaning", async () => {
    const made = await check(source, {}, 0.998);
    // The branches read the result of the Relu: it cannot go.
    expect(ops(made.qdq)).toContain("Relu");
    const { result } = await run(source);
    expect(result.skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      "n_t: it is in a subgraph, and only the main graph is calibrated",
      "n_e: it is in a subgraph, and only the main graph is calibrated",
    ]);
  });

  it("a model whose weights are all in subgraphs is not applicable", async () => {
    const inner = model(
      graph({
        input: [x, value("c", [], "bool")],
        output: [y],
        node: [
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("t", "x")),
              graphAttribute("else_branch", branch("e", "x")),
            ],
          ),
        ],
      }),
    );
    const { result } = await run(inner);
    expect(result.changed).toEqual([]);
    expect(result.skipped.some(({ reason }) => reason.includes("only the main graph"))).toBe(true);
  });
});

describe("what would lose is left alone", () => {
  const two = (first: ReturnType<typeof weight>) =>
    model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("MatMul", ["x", "v"], ["a"]),
          node("Relu", ["a"], ["r"]),
          node("MatMul", ["x", "w"], ["b"]),
          node("Add", ["r", "b"], ["y"]),
        ],
        initializer: [first, weight("w", [16, 16], 2)],
      }),
    );

  it.each([
    ["zeros, whose result has no range", floats("v", [16, 16], new Array(256).fill(0)), "always 0"],
    ["weights too small for a scale", weight("v", [16, 16], 1, 1e-38), "too small for a scale"],
    ["weights that are not finite", floats("v", [16, 16], new Array(256).fill(Number.NaN)), "not finite"],
  ])("%s", async (_, first, reason) => {
    for (const format of formats) {
      const { changed, result } = await run(two(first), { format });
      expect(result.skipped.find(({ name }) => name === "n_a")?.reason).toContain(reason);
      expect(result.changed.map(({ name }) => name)).toContain("n_b");
      expect(opTypes(changed.graph)).toContain("MatMul");
    }
  });

  it("a value beside which another vanishes", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("MatMul", ["x", "w"], ["scores"]),
          node("Add", ["scores", "mask"], ["masked"]),
          node("Softmax", ["masked"], ["y"]),
        ],
        initializer: [
          weight("w", [16, 16]),
          floats(
            "mask",
            [16],
            Array.from({ length: 16 }, (_, at) => (at < 12 ? 0 : -10000)),
          ),
        ],
      }),
    );
    await check(source);
    const { result } = await run(source);
    expect(result.skipped.map(({ name }) => name)).toEqual(["n_masked", "n_y"]);
    expect(result.skipped[0]?.reason).toContain("smaller than one step");
  });
});

describe("choice and report", () => {
  const source = model(
    graph({
      input: [x],
      output: [y],
      node: [node("MatMul", ["x", "v"], ["a"]), node("MatMul", ["a", "w"], ["y"])],
      initializer: [weight("v", [16, 16]), weight("w", [16, 16], 2)],
    }),
  );

  it("nodes by name and by type", async () => {
    const included = await run(source, { nodes_to_include: ["n_y"] });
    expect(included.result.changed[0]?.name).toBe("n_y");
    expect(included.result.skipped).toEqual([{ name: "n_a", reason: "not among nodes_to_include" }]);
    const excluded = await run(source, { nodes_to_exclude: ["n_y"] });
    expect(names(excluded.changed.graph.initializer)).toContain("w");
    const none = await run(source, { op_types: ["Conv"] });
    expect(none.result.changed).toEqual([]);
    expect(none.result.skipped[1]?.reason).toBe("MatMul is not among op_types");
  });

  it("says what it did, and on how much data", async () => {
    const { result } = await run(source);
    expect(result.changed).toEqual([
      { name: "n_a", what: 'MatMul: "v" float32 → int8, one scale per channel' },
      { name: "n_y", what: 'MatMul: "w" float32 → int8, one scale per channel' },
      {
        name: "model",
        what: "activations float32 → uint8, their ranges learned by minmax over 32 random items",
      },
    ]);
    expect(result.warnings).toEqual(["Calibrated on 32 items instead of 300: there are no more"]);
    const few = await run(source, { samples: 8 });
    expect(few.result.changed.at(-1)?.what).toContain("8 of 32 random items");
    expect(few.result.warnings).toEqual([]);
  });

  it("a quantised model is left alone", async () => {
    const { changed } = await run(source);
    const again = await run(changed);
    expect(again.result.changed).toEqual([]);
    expect(again.result.skipped[0]?.reason).toBe("the model is quantised already");
  });

  it("every method of calibration", async () => {
    for (const method of ["minmax", "moving-average", "percentile", "entropy"]) {
      await check(source, { calibration: method, bins: 512 }, 0.995);
    }
  });

  it("names that the quantiser would use may be taken", async () => {
    const taken = model(
      graph({
        input: [value("x_scale", ["n", 16]), x],
        output: [y, value("w_quantized", ["n", 16])],
        node: [node("MatMul", ["x", "w"], ["y"]), node("Neg", ["x_scale"], ["w_quantized"])],
        initializer: [weight("w", [16, 16])],
      }),
    );
    await check(taken);
  });
});

describe("operators that only move values", () => {
  it("share scales along a chain, in both formats", async () => {
    const source = model(
      graph({
        input: [image],
        output: [value("y", ["n", 16])],
        node: [
          node("Conv", ["x", "w"], ["c"]),
          node("Pad", ["c", "pads"], ["p"]),
          node("MaxPool", ["p"], ["m"], [makeInts("kernel_shape", [2, 2]), makeInts("strides", [2, 2])]),
          node("Transpose", ["m"], ["t"], [makeInts("perm", [0, 2, 3, 1])]),
          node("Split", ["t", "halves"], ["s1", "s2"], [makeInt("axis", 3)]),
          node("Concat", ["s2", "s1"], ["k"], [makeInt("axis", 3)]),
          node("LeakyRelu", ["k"], ["l"]),
          node("GlobalAveragePool", ["l"], ["g"]),
          node("Reshape", ["g", "shape"], ["f"]),
          node("Gemm", ["f", "v"], ["y"]),
        ],
        initializer: [
          weight("w", [4, 4, 3, 3]),
          weight("v", [4, 16], 3),
          int64s("pads", [0, 0, 1, 1, 0, 0, 1, 1]),
          int64s("halves", [2, 2]),
          int64s("shape", [-1, 4]),
        ],
      }),
    );
    const made = await check(source, {}, 0.99);
    const scales = made.qdq?.graph.node.filter(({ opType }) => opType === "QuantizeLinear");
    const of = (name: string) => scales?.find(({ input }) => input[0] === name)?.input[1];
    expect([of("p"), of("m"), of("t"), of("s1")]).toEqual(["c_scale", "c_scale", "c_scale", "c_scale"]);
    expect(of("k")).toBe("k_scale");
  });
});
