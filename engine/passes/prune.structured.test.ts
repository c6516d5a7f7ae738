import { afterAll, describe, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { cloneStructure } from "./clone.ts";
import { silent } from "./pass.ts";
import { pruneStructuredSchema } from "./prune.structured.schema.ts";
import { pruneStructured } from "./prune.structured.ts";
import {
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  node,
  randomFloats,
  value,
  weight,
} from "./testing/build.ts";
import { Comparer } from "./testing/compare.ts";
import { maskUnits } from "./testing/mask-units.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const parse = (options: object) => pruneStructuredSchema.parse({ use: "prune.structured", ...options });

async function prune(source: Model, options: object = {}) {
  const changed = cloneStructure(source);
  const result = await pruneStructured(changed, parse(options), silent);
  return { result, changed };
}

/** Prunes, and checks that the result computes what the original does with the weights of the removed units zero. */
async function pruneExactly(source: Model, options: object = {}) {
  const { result, changed } = await prune(source, options);
  expect(result.changed, JSON.stringify(result.skipped)).not.toEqual([]);
  expect(modelProblems(changed)).toEqual([]);
  const masked = maskUnits(source, parse(options));
  if (masked === undefined) throw new Error("nothing to mask");
  const { error, outputs } = await comparer.compare(masked, changed);
  expect(error).toBeUndefined();
  for (const { maxAbs, rms, finite } of outputs) {
    expect(finite).toBe(true);
    expect(rms).toBeGreaterThan(0);
    expect(maxAbs).toBeLessThan(1e-4 * (rms + 1));
  }
  return { result, changed };
}

function dimsOf(source: Model, name: string): number[] {
  const tensor = source.graph.initializer.find((entry) => entry.name === name);
  if (tensor === undefined) throw new Error(`no initialiser ${name}`);
  return tensor.dims;
}

const ints = (name: string, values: number[]) => makeInts(name, values);

/** x [2, 4] → `inner` → y [2, 3]. */
function dense(inner: Node[], initializer: Tensor[]): Model {
  return model(
    graph({ input: [value("x", [2, 4])], output: [value("y", [2, 3])], node: inner, initializer }),
  );
}

/** Image [1, 3, 8, 8] → `inner` → y. */
function image(inner: Node[], initializer: Tensor[], output: (number | string)[], opset = 17): Model {
  return model(
    graph({ input: [value("x", [1, 3, 8, 8])], output: [value("y", output)], node: inner, initializer }),
    opset,
  );
}

const mlp = () =>
  dense(
    [node("Gemm", ["x", "a", "ab"], ["h"]), node("Relu", ["h"], ["r"]), node("Gemm", ["r", "b"], ["y"])],
    [weight("a", [4, 10], 1), weight("ab", [10], 2), weight("b", [10, 3], 3)],
  );

describe("which units go", () => {
  it("the ones with the smallest norm over rows and columns, of equal ones the last", async () => {
    const source = dense(
      [node("MatMul", ["x", "a"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      [
        floats("a", [4, 4], [3, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        floats("b", [4, 3], [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]),
      ],
    );
    const { changed, result } = await prune(source, { ratio: 0.5 });
    // Norms: 3, √82, 2, 1: the first two stay.
    expect([...readFloats(changed.graph.initializer[0] as Tensor)]).toEqual([3, 1, 0, 0, 0, 0, 0, 0]);
    expect([...readFloats(changed.graph.initializer[1] as Tensor)]).toEqual([0, 0, 0, 0, 9, 0]);
    expect(result.changed).toEqual([
      {
        name: "model",
        what: "2 of 4 removable units are gone; parameters 28 → 14; multiplications for one input 56 → 28",
      },
      { name: "n_h", what: "2 of 4 units stay" },
    ]);
    expect(result.skipped).toEqual([{ name: "n_y", reason: 'its units stay: it is the output "y"' }]);
    const equal = dense(
      [node("MatMul", ["x", "a"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      [
        floats("a", [4, 4], new Array(16).fill(1)),
        floats(
          "b",
          [4, 3],
          Array.from({ length: 12 }, () => 1),
        ),
      ],
    );
    expect(dimsOf((await prune(equal, { ratio: 0.5 })).changed, "a")).toEqual([4, 2]);
  });

  it("l1 and l2 differ", async () => {
    const source = dense(
      [node("MatMul", ["x", "a"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      // Unit 0: one weight of 3. Unit 1: four of 1.
      [floats("a", [4, 2], [3, 1, 0, 1, 0, 1, 0, 1]), floats("b", [2, 3], [0, 0, 0, 0, 0, 0])],
    );
    const first = async (importance: string) =>
      readFloats((await prune(source, { ratio: 0.5, importance })).changed.graph.initializer[0] as Tensor)[0];
    expect(await first("l2")).toBe(3);
    expect(await first("l1")).toBe(1);
  });

  it("globally by importance relative to the group's mean, at least min_units in each", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4])],
        output: [value("y", [2, 3])],
        node: [
          node("MatMul", ["x", "a"], ["h"]),
          node("Relu", ["h"], ["r"]),
          node("MatMul", ["r", "b"], ["i"]),
          node("MatMul", ["i", "c"], ["y"]),
        ],
        // The first layer's units are alike, half of the second's are nearly nothing.
        initializer: [
          floats("a", [4, 8], new Array(32).fill(1)),
          floats(
            "b",
            [8, 8],
            Array.from({ length: 64 }, (_, at) => (at % 8 < 4 ? 1e-6 : 1)),
          ),
          floats(
            "c",
            [8, 3],
            Array.from({ length: 24 }, (_, at) => (at < 12 ? 1e-6 : 1)),
          ),
        ],
      }),
    );
    const global = (await prune(source, { ratio: 0.25, scope: "global" })).changed;
    expect(dimsOf(global, "a")).toEqual([4, 8]);
    expect(dimsOf(global, "b")).toEqual([8, 4]);
    expect(dimsOf((await prune(source, { ratio: 0.9, scope: "global", min_units: 3 })).changed, "b")).toEqual(
      [3, 3],
    );
    expect(dimsOf((await prune(source, { ratio: 0.99, scope: "global" })).changed, "b")).toEqual([1, 1]);
    expect(dimsOf((await prune(source, { ratio: 0.25 })).changed, "b")).toEqual([6, 6]);
  });

  it("as many as a multiple leaves", async () => {
    expect(dimsOf((await prune(mlp(), { ratio: 0.5, round_to: 4 })).changed, "a")).toEqual([4, 8]);
    expect((await prune(mlp(), { ratio: 0.3, round_to: 8 })).result.changed[1]?.what).toBe(
      "8 of 10 units stay",
    );
    expect((await prune(mlp(), { ratio: 0.1, round_to: 8 })).result.skipped[0]?.reason).toMatch(
      /^every group keeps/,
    );
  });

  it("as many as a budget asks, or none where it cannot be met", async () => {
    const { changed } = await prune(mlp(), { budget: 0.5 });
    // 80 parameters; a unit takes 4 + 1 + 3.
    expect(dimsOf(changed, "a")).toEqual([4, 5]);
    const { result } = await prune(mlp(), { budget: 0.01 });
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toContain("more parameters than `budget` allows");
    expect(() => parse({ budget: 0.5, ratio: 0.5 })).toThrow("either ratio or budget");
  });

  it("none where one unit is left, and none again", async () => {
    const once = (await prune(mlp(), { ratio: 0.99 })).changed;
    expect(dimsOf(once, "a")).toEqual([4, 1]);
    const twice = await prune(once, { ratio: 0.99 });
    expect(twice.result.changed).toEqual([]);
    expect(twice.changed).toEqual(once);
  });

  it("none of what is protected by name, and unknown names are told", async () => {
    for (const name of ["a", "b", "n_h"]) {
      const { result } = await prune(mlp(), { protect: [name, "nobody"] });
      expect(result.changed).toEqual([]);
      expect(result.skipped[1]?.reason).toMatch(/protected by/);
      expect(result.warnings).toEqual(['"protect" names "nobody", which the model does not have']);
    }
  });

  it("is reported as not applicable where there is no layer", async () => {
    const source = model(
      graph({ input: [value("x", [2])], output: [value("y", [2])], node: [node("Relu", ["x"], ["y"])] }),
    );
    const { result } = await prune(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toBe("it has no layer whose units can be removed");
  });
});

describe("the pruned model computes what the masked one does", () => {
  it("through biases of Gemm and per-channel constants", async () => {
    const { changed } = await pruneExactly(mlp());
    expect(changed.graph.initializer.map(({ dims }) => dims)).toEqual([[4, 7], [7], [7, 3]]);
  });

  it("through residual sums, which tie layers", async () => {
    const source = dense(
      [
        node("MatMul", ["x", "a"], ["h"]),
        node("MatMul", ["h", "b"], ["i"]),
        node("Add", ["i", "h"], ["s"]),
        node("Sub", ["s", "h"], ["t"]),
        node("MatMul", ["t", "c"], ["y"]),
      ],
      [weight("a", [4, 10], 1), weight("b", [10, 10], 2), weight("c", [10, 3], 3)],
    );
    const { changed, result } = await pruneExactly(source);
    expect(dimsOf(changed, "b")).toEqual([7, 7]);
    expect(result.changed[1]?.what).toBe("7 of 10 units stay in each of 2 layers that depend on each other");
  });

  it("through convolution, batch normalisation, depthwise and grouped convolution, pooling and flattening", async () => {
    const source = image(
      [
        node("Conv", ["x", "a"], ["c1"], [ints("pads", [1, 1, 1, 1])]),
        node("BatchNormalization", ["c1", "s", "b", "m", "v"], ["n1"]),
        node("PRelu", ["n1", "slope"], ["p1"]),
        node("Conv", ["p1", "d", "db"], ["c2"], [makeInt("group", 12), ints("pads", [1, 1, 1, 1])]),
        node("Conv", ["c2", "g"], ["c3"], [makeInt("group", 3)]),
        node("MaxPool", ["c3"], ["q"], [ints("kernel_shape", [2, 2]), ints("strides", [2, 2])]),
        node("InstanceNormalization", ["q", "is", "ib"], ["qn"]),
        node("Flatten", ["qn"], ["f"]),
        node("Gemm", ["f", "w"], ["y"], [makeInt("transB", 1)]),
      ],
      [
        weight("a", [12, 3, 3, 3], 1),
        ...["s", "b", "m"].map((name, at) => weight(name, [12], 20 + at)),
        floats("v", [12], new Array(12).fill(0.5)),
        weight("slope", [12, 1, 1], 30),
        weight("d", [24, 1, 3, 3], 2),
        weight("db", [24], 3),
        weight("g", [15, 8, 1, 1], 4),
        weight("is", [15], 31),
        weight("ib", [15], 32),
        weight("w", [5, 15 * 16], 5),
      ],
      [1, 5],
    );
    const { changed } = await pruneExactly(source, { ratio: 0.5 });
    // Twelve channels in groups of four for the readers: 4 units of 3, 2 of which stay.
    expect(dimsOf(changed, "a")[0]).toBe(6);
    expect(dimsOf(changed, "d")).toEqual([12, 1, 3, 3]);
    expect(dimsOf(changed, "g")).toEqual([6, 4, 1, 1]);
    expect(dimsOf(changed, "w")).toEqual([5, 6 * 16]);
    expect(changed.graph.node[3]?.attribute[0]?.i).toBe(6n);
  });

  it("through concatenation, splitting and slicing of channels", async () => {
    const source = image(
      [
        node("Conv", ["x", "a"], ["p"]),
        node("Conv", ["x", "b"], ["q"]),
        node("Conv", ["x", "x1w"], ["x1"]),
        node("Concat", ["p", "x1", "q"], ["k"], [makeInt("axis", 1)]),
        node("Split", ["k", "sizes"], ["l", "m"], [makeInt("axis", 1)]),
        node("Slice", ["k", "from", "to", "axes"], ["n"]),
        node("Conv", ["l", "lw"], ["lo"]),
        node("Conv", ["m", "mw"], ["mo"]),
        node("Conv", ["n", "nw"], ["no"]),
        node("Sum", ["lo", "mo", "no"], ["y"]),
      ],
      [
        weight("a", [6, 3, 1, 1], 1),
        weight("b", [8, 3, 1, 1], 2),
        weight("x1w", [1, 3, 1, 1], 9),
        int64s("sizes", [5, 10]),
        int64s("from", [2]),
        int64s("to", [-3]),
        int64s("axes", [1]),
        weight("lw", [4, 5, 1, 1], 3),
        weight("mw", [4, 10, 1, 1], 4),
        weight("nw", [4, 10, 1, 1], 5),
      ],
      [1, 4, 8, 8],
    );
    const { changed } = await pruneExactly(source, { ratio: 0.5 });
    expect(dimsOf(changed, "a")[0]).toBe(3);
    expect(dimsOf(changed, "b")[0]).toBe(4);
  });

  it("through channel shuffles, depth to space, resizing and transposed convolution", async () => {
    const source = image(
      [
        node("Conv", ["x", "a"], ["c1"]),
        node("Reshape", ["c1", "split"], ["r1"]),
        node("Transpose", ["r1"], ["t1"], [ints("perm", [0, 2, 1, 3, 4])]),
        node("Reshape", ["t1", "merge"], ["r2"]),
        node("Conv", ["r2", "g"], ["c2"], [makeInt("group", 2)]),
        node("DepthToSpace", ["c2"], ["d"], [makeInt("blocksize", 2)]),
        node("Resize", ["d", "", "scales"], ["z"]),
        node("ConvTranspose", ["z", "u", "ub"], ["v"]),
        node("ConvTranspose", ["v", "dw"], ["e"], [makeInt("group", 6)]),
        node("Conv", ["e", "o"], ["y"]),
      ],
      [
        weight("a", [8, 3, 1, 1], 1),
        int64s("split", [1, 2, 4, 8, 8]),
        int64s("merge", [0, 8, 8, -1]),
        weight("g", [16, 4, 1, 1], 2),
        floats("scales", [4], [1, 1, 2, 2]),
        weight("u", [4, 6, 1, 1], 3),
        weight("ub", [6], 4),
        weight("dw", [6, 1, 1, 1], 6),
        weight("o", [2, 6, 1, 1], 5),
      ],
      [1, 2, 32, 32],
    );
    const { changed } = await pruneExactly(source, { ratio: 0.5 });
    expect(dimsOf(changed, "g")).toEqual([8, 2, 1, 1]);
    expect(dimsOf(changed, "u")).toEqual([2, 3, 1, 1]);
  });

  it("through transpositions to channels last, reductions and global pooling", async () => {
    const source = image(
      [
        node("Conv", ["x", "a"], ["c"]),
        node("Transpose", ["c"], ["t"], [ints("perm", [0, 2, 3, 1])]),
        node("Pad", ["t", "pads"], ["p"]),
        node("ReduceMean", ["p"], ["m"], [ints("axes", [1, 2]), makeInt("keepdims", 0)]),
        node("MatMul", ["m", "b"], ["h"]),
        node("Unsqueeze", ["h", "one"], ["u"]),
        node("Squeeze", ["u", "one"], ["s"]),
        node("ReduceSum", ["s", "one"], ["y"]),
      ],
      [
        weight("a", [10, 3, 1, 1], 1),
        int64s("pads", [0, 1, 1, 0, 0, 1, 1, 0]),
        int64s("one", [1]),
        weight("b", [10, 6], 2),
      ],
      [1, 1],
    );
    const { changed } = await pruneExactly(source);
    expect(dimsOf(changed, "b")).toEqual([7, 4]);
  });

  it("through LSTM and GRU, embeddings and states filled by the graph", async () => {
    const source = model(
      graph({
        input: [value("ids", ["n", 2], "int64")],
        output: [value("y", ["n", 2, 3])],
        node: [
          node("Gather", ["table", "ids"], ["e"]),
          node("Shape", ["ids"], ["shape"]),
          node("Gather", ["shape", "second"], ["batch"]),
          node("Concat", ["one", "batch", "eight"], ["state"], [makeInt("axis", 0)]),
          node("ConstantOfShape", ["state"], ["h0"], [makeTensorAttribute("value", floats("", [1], [0.5]))]),
          node("LSTM", ["e", "w", "r", "b", "", "h0"], ["l"], [makeInt("hidden_size", 8)]),
          node("Squeeze", ["l", "one"], ["s"]),
          node("GRU", ["s", "gw", "gr"], ["g"], [makeInt("hidden_size", 6)]),
          node("Squeeze", ["g", "one"], ["t"]),
          node("MatMul", ["t", "o"], ["y"]),
        ],
        initializer: [
          weight("table", [6, 5], 1),
          int64s("second", [1]),
          int64s("one", [1]),
          int64s("eight", [8]),
          weight("w", [1, 32, 5], 2),
          weight("r", [1, 32, 8], 3),
          weight("b", [1, 64], 4),
          weight("gw", [1, 18, 8], 5),
          weight("gr", [1, 18, 6], 6),
          weight("o", [6, 3], 7),
        ],
      }),
    );
    const { changed } = await pruneExactly(source, { ratio: 0.5 });
    expect(dimsOf(changed, "w")).toEqual([1, 16, 2]);
    expect(dimsOf(changed, "r")).toEqual([1, 16, 4]);
    expect(dimsOf(changed, "gr")).toEqual([1, 9, 3]);
  });

  it("with float16 weights, weights in Constant nodes and below opset 13", async () => {
    const half = (name: string, dims: number[], seed: number) =>
      makeTensor(
        name,
        "float16",
        dims,
        float16Array(
          randomFloats(
            dims.reduce((a, b) => a * b, 1),
            seed,
          ),
        ),
      );
    const source = model(
      graph({
        input: [value("x", [2, 4])],
        output: [value("y", [2, 3])],
        node: [
          node("Cast", ["x"], ["xh"], [makeInt("to", 10)]),
          node("Constant", [], ["a"], [makeTensorAttribute("value", half("", [4, 10], 1))]),
          node("MatMul", ["xh", "a"], ["h"]),
          node("Split", ["h"], ["p", "q"], [makeInt("axis", 1), ints("split", [4, 6])]),
          node("Concat", ["q", "p"], ["k"], [makeInt("axis", 1)]),
          node("MatMul", ["k", "b"], ["yh"]),
          node("Cast", ["yh"], ["y"], [makeInt("to", 1)]),
        ],
        initializer: [half("b", [10, 3], 2)],
      }),
      11,
    );
    const { changed } = await prune(source, { ratio: 0.5 });
    expect(dimsOf(changed, "b")).toEqual([5, 3]);
    const masked = maskUnits(source, parse({ ratio: 0.5 }));
    const { error, outputs } = await comparer.compare(masked as Model, changed);
    expect(error).toBeUndefined();
    expect(outputs[0]?.maxAbs).toBeLessThan(5e-3);
  });
});

describe("what is shared", () => {
  it("ties the layers that share a matrix, through Transpose and Identity too", async () => {
    const source = dense(
      [
        node("MatMul", ["x", "a"], ["h"]),
        node("Identity", ["b"], ["b2"]),
        node("Transpose", ["b"], ["bt"]),
        node("MatMul", ["h", "b"], ["i"]),
        node("MatMul", ["i", "b2"], ["j"]),
        node("MatMul", ["j", "bt"], ["k"]),
        node("MatMul", ["k", "c"], ["y"]),
      ],
      [weight("a", [4, 10], 1), weight("b", [10, 10], 2), weight("c", [10, 3], 3)],
    );
    const { changed } = await pruneExactly(source);
    expect(dimsOf(changed, "b")).toEqual([7, 7]);
  });

  it("locks a matrix that is read in another way as well, and says which node does", async () => {
    const source = dense(
      [
        node("MatMul", ["x", "a"], ["h"]),
        node("MatMul", ["h", "b"], ["m"]),
        node("Det", ["square"], ["d"]),
        node("MatMul", ["m", "square"], ["s"]),
        node("Add", ["s", "d"], ["y"]),
      ],
      [weight("a", [4, 10], 1), weight("b", [10, 3], 2), weight("square", [3, 3], 3)],
    );
    const { changed, result } = await pruneExactly(source);
    expect(dimsOf(changed, "b")).toEqual([7, 3]);
    expect(result.skipped).toContainEqual({
      name: "n_m",
      reason: 'its units stay: Det "n_d" is not followed',
    });
  });

  it("cuts a shared bias for each of its readers", async () => {
    const layer = (input: string, at: number, out: string) => [
      node("Gemm", [input, `w${at}`, "zeros"], [`g${at}`]),
      node("Relu", [`g${at}`], [out]),
    ];
    const source = dense(
      [...layer("x", 0, "h"), ...layer("h", 1, "i"), node("MatMul", ["i", "o"], ["y"])],
      [weight("w0", [4, 8], 1), weight("w1", [8, 8], 2), weight("zeros", [8], 4), weight("o", [8, 3], 3)],
    );
    const { changed } = await pruneExactly(source, { ratio: 0.5 });
    expect(changed.graph.initializer.filter(({ dims }) => dims.join() === "4")).toHaveLength(2);
    expect(changed.graph.initializer.find(({ name }) => name === "zeros")).toBeUndefined();
  });

  it("reaches into branches, and keeps what they hand out", async () => {
    const branch = (name: string, nodes: Node[]) =>
      graph({ name, node: nodes, output: [value(nodes.at(-1)?.output[0] ?? "", [2, 3])] });
    const source = model(
      graph({
        input: [value("x", [2, 4]), value("c", [], "bool")],
        output: [value("y", [2, 3])],
        node: [
          node("MatMul", ["x", "a"], ["h"]),
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("t", [node("MatMul", ["h", "b"], ["ty"])])),
              graphAttribute(
                "else_branch",
                branch("e", [
                  node("Relu", ["h"], ["er"]),
                  node("MatMul", ["er", "d"], ["em"]),
                  node("MatMul", ["em", "b2"], ["ey"]),
                ]),
              ),
            ],
          ),
        ],
        initializer: [
          weight("a", [4, 10], 1),
          weight("b", [10, 3], 2),
          weight("d", [10, 6], 3),
          weight("b2", [6, 3], 4),
        ],
      }),
    );
    const { changed } = await pruneExactly(source, { ratio: 0.5 });
    expect([dimsOf(changed, "b"), dimsOf(changed, "d")]).toEqual([
      [5, 3],
      [5, 3],
    ]);
  });

  it("keeps what a loop carries", async () => {
    const body = graph({
      name: "body",
      input: [value("i", [], "int64"), value("on", [], "bool"), value("s", [2, 10])],
      output: [value("on2", [], "bool"), value("s2", [2, 10])],
      node: [node("Identity", ["on"], ["on2"]), node("Add", ["s", "h"], ["s2"])],
    });
    const source = model(
      graph({
        input: [value("x", [2, 4])],
        output: [value("y", [2, 3])],
        node: [
          node("MatMul", ["x", "a"], ["h"]),
          node("Loop", ["turns", "", "h"], ["l"], [graphAttribute("body", body)]),
          node("MatMul", ["l", "b"], ["y"]),
        ],
        initializer: [weight("a", [4, 10], 1), weight("b", [10, 3], 2), int64s("turns", [3], [])],
      }),
    );
    const { result } = await prune(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[1]?.reason).toMatch(/^its units stay: (Add|Loop)/);
  });

  it("updates what the file declares: types of values, and initialisers that are inputs", async () => {
    const source = mlp();
    source.irVersion = 3;
    source.graph.valueInfo.push(value("h", [2, 10]));
    source.graph.input.push(value("a", [4, 10]), value("ab", [10]), value("b", [10, 3]));
    const { changed } = await pruneExactly(source);
    const sizes = (entries: typeof changed.graph.input) =>
      entries.map(({ type }) => type?.tensorType?.shape?.dim.map(({ dimValue }) => dimValue));
    expect(sizes(changed.graph.input)).toEqual([[2, 4], [4, 7], [7], [7, 3]]);
    expect(sizes(changed.graph.valueInfo)).toEqual([[2, 7]]);
  });
});

describe("what locks a group", () => {
  const locked = async (inner: Node[], extra: Tensor[] = []) => {
    const source = dense(
      [node("MatMul", ["x", "a"], ["h"]), ...inner, node("MatMul", ["i", "b"], ["y"])],
      [weight("a", [4, 10], 1), weight("b", [10, 3], 2), ...extra],
    );
    const { result } = await prune(source);
    expect(result.changed).toEqual([]);
    return result.skipped[1]?.reason;
  };

  it.each([
    ["LayerNormalization", ["h", "s"], 'its units stay: LayerNormalization "n_i" normalises over it'],
    ["Softmax", ["h"], 'its units stay: Softmax "n_i" normalises over it'],
    ["TopK", ["h", "k"], 'its units stay: TopK "n_i" is not followed'],
    ["CumSum", ["h", "k"], 'its units stay: CumSum "n_i" is not followed'],
  ])("%s", async (opType, inputs, reason) => {
    expect(await locked([node(opType, inputs, ["i"])], [weight("s", [10], 5), int64s("k", [1])])).toBe(
      reason,
    );
  });

  it("a computation with its size", async () => {
    const inner = [
      node("Shape", ["h"], ["size"]),
      node("Cast", ["size"], ["number"], [makeInt("to", 1)]),
      node("ReduceSum", ["number"], ["sum"], [makeInt("keepdims", 0)]),
      node("Div", ["h", "sum"], ["i"]),
    ];
    expect(await locked(inner)).toMatch(/^its units stay: ReduceSum "n_sum" reads it/);
  });

  it("a graph that carries training", async () => {
    const source = mlp();
    source.trainingInfo = [{ initializationBinding: [], updateBinding: [] }];
    expect((await prune(source)).result.skipped[0]?.reason).toBe("it carries graphs for training it");
  });
});
