import { afterAll, describe, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { factorize, lowRankWeight } from "./factorize-svd/testing/low-rank.ts";
import {
  floats,
  graph,
  graphAttribute,
  model,
  names,
  node,
  opTypes,
  value,
  weight,
} from "./testing/build.ts";
import { type CompareRequest, Comparer } from "./testing/compare.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** The factorised model computes the same, relative to what the outputs hold. */
async function expectSame(
  source: Model,
  changed: Model,
  tolerance = 2e-6,
  options: Omit<CompareRequest, "original" | "changed"> = {},
) {
  expect(modelProblems(changed)).toEqual([]);
  const { error, outputs } = await comparer.compare(source, changed, options);
  expect(error).toBeUndefined();
  expect(outputs.length).toBeGreaterThan(0);
  for (const output of outputs) {
    expect(output.finite).toBe(true);
    expect(output.maxAbs).toBeLessThan(tolerance * Math.max(output.rms, 1e-3));
  }
}

function single(
  nodes: Node[],
  initializer: Tensor[],
  input: Graph["input"],
  output: Graph["output"],
  opset = 17,
) {
  return model(graph({ node: nodes, initializer, input, output }), opset);
}

const x = (...dims: number[]) => [value("x", dims)];
const y = (...dims: number[]) => [value("y", dims)];

const w = (rows: number, columns: number) => lowRankWeight("w", [rows, columns], 3);

const cases: [string, string[], Model][] = [
  [
    "MatMul",
    ["MatMul", "MatMul"],
    single([node("MatMul", ["x", "w"], ["y"])], [w(24, 16)], x(2, 5, 24), y(2, 5, 16)),
  ],
  [
    "MatMul of a vector",
    ["MatMul", "MatMul"],
    single([node("MatMul", ["x", "w"], ["y"])], [w(24, 16)], x(24), y(16)),
  ],
  [
    "MatMul with the weight first",
    ["MatMul", "MatMul"],
    single([node("MatMul", ["w", "x"], ["y"])], [w(24, 16)], x(2, 16, 5), y(2, 24, 5)),
  ],
  [
    "MatMul behind Transpose and Identity",
    ["MatMul", "MatMul"],
    single(
      [
        node("Transpose", ["w"], ["t"], [makeInts("perm", [1, 0])]),
        node("Identity", ["t"], ["i"]),
        node("MatMul", ["x", "i"], ["y"]),
      ],
      [w(24, 16)],
      x(5, 16),
      y(5, 24),
    ),
  ],
  [
    "Gemm with everything",
    ["Transpose", "MatMul", "Gemm"],
    single(
      [
        node(
          "Gemm",
          ["x", "w", "b"],
          ["y"],
          [makeInt("transA", 1), makeInt("transB", 1), makeFloat("alpha", 0.5), makeFloat("beta", 2)],
        ),
      ],
      [w(24, 16), weight("b", [24])],
      x(16, 5),
      y(5, 24),
    ),
  ],
  [
    "Gemm without a bias",
    ["MatMul", "Gemm"],
    single([node("Gemm", ["x", "w"], ["y"])], [w(24, 16)], x(5, 24), y(5, 16)),
  ],
  [
    "Conv with stride, pads and dilation",
    ["Conv", "Conv"],
    single(
      [
        node(
          "Conv",
          ["x", "w", "b"],
          ["y"],
          [
            makeInts("strides", [2, 1]),
            makeInts("pads", [1, 2, 0, 1]),
            makeInts("dilations", [1, 2]),
            makeInts("kernel_shape", [3, 3]),
          ],
        ),
      ],
      [lowRankWeight("w", [12, 8, 3, 3], 3), weight("b", [12])],
      x(2, 8, 9, 9),
      y(2, 12, 4, 8),
    ),
  ],
  [
    "Conv of one dimension with automatic padding",
    ["Conv", "Conv"],
    single(
      [node("Conv", ["x", "w"], ["y"], [makeString("auto_pad", "SAME_UPPER")])],
      [lowRankWeight("w", [12, 8, 5], 3)],
      x(2, 8, 9),
      y(2, 12, 9),
    ),
  ],
  [
    "Conv of 1 × 1",
    ["Conv", "Conv"],
    single(
      [node("Conv", ["x", "w"], ["y"])],
      [lowRankWeight("w", [32, 48, 1, 1], 3)],
      x(1, 48, 4, 4),
      y(1, 32, 4, 4),
    ),
  ],
  [
    "Gather",
    ["Gather", "MatMul"],
    single([node("Gather", ["w", "ids"], ["y"])], [w(24, 16)], [value("ids", [2, 3], "int64")], y(2, 3, 16)),
  ],
];

describe("weights of low rank", () => {
  it.each(cases)("%s: the same outputs with fewer parameters", async (_, expected, source) => {
    const { result, changed } = await factorize(source, {
      energy: 1,
      op_types: ["MatMul", "Gemm", "Conv", "Gather"],
    });
    expect(result.skipped).toEqual([]);
    expect(result.changed[1]?.what).toContain("→ rank 3:");
    expect(opTypes(changed.graph)).toEqual(expected);
    expect(names(changed.graph.initializer)).not.toContain("w");
    await expectSame(source, changed);
    // The original is what it was, and a second time nothing is left to do.
    expect(names(source.graph.initializer)).toContain("w");
    const again = await factorize(changed, { energy: 0.5, op_types: ["MatMul", "Gemm", "Conv", "Gather"] });
    expect(again.result.changed).toEqual([]);
    expect(again.result.skipped.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringMatching(/are the two factors of one weight of rank 3 already/)),
    );
    expect(again.changed).toEqual(changed);
  });

  it("keep node, name and output of the second half", async () => {
    const { changed } = await factorize(cases[4]?.[2] ?? model(graph({ node: [], output: [] })), { rank: 3 });
    expect(changed.graph.node.map(({ name, output }) => [name, ...output])).toEqual([
      ["n_y_lowrank", "x_transposed"],
      ["n_y_lowrank_1", "y_lowrank"],
      ["n_y", "y"],
    ]);
    expect(changed.graph.node[2]?.attribute.map(({ name }) => name)).toEqual(["alpha", "beta"]);
  });

  it("in float16, to the accuracy of float16", async () => {
    const half = single(
      [
        node("Cast", ["x"], ["h"], [makeInt("to", 10)]),
        node("MatMul", ["h", "w"], ["m"]),
        node("Cast", ["m"], ["y"], [makeInt("to", 1)]),
      ],
      [lowRankWeight("w", [64, 48], 4, 1, "float16")],
      x(5, 64),
      y(5, 48),
    );
    const { result, changed } = await factorize(half, { energy: 1 });
    expect(result.changed[1]?.what).toContain("→ rank 4:");
    expect(changed.graph.initializer.map(({ dataType }) => dataType)).toEqual([10, 10]);
    await expectSame(half, changed, 0.01);
  });
});

describe("where weights are kept", () => {
  it("a shared one, one in a branch, one in a Constant, one that the caller may override, one tied in both orientations", async () => {
    const branch = (name: string, inner: Node, initializer: Tensor[]) =>
      graph({ name, node: [inner], output: [value(inner.output[0] ?? "", [4, 24])], initializer });
    const source = single(
      [
        node("Constant", [], ["k"], [{ name: "value", t: lowRankWeight("", [24, 24], 3, 3), type: 4 }]),
        node("MatMul", ["x", "w"], ["a"]),
        node("Gemm", ["a", "w"], ["b"], [makeInt("transB", 1)]),
        node("MatMul", ["b", "k"], ["d"]),
        node("MatMul", ["d", "o"], ["h"]),
        node("Tanh", ["h"], ["g"]),
        node(
          "If",
          ["c"],
          ["y"],
          [
            graphAttribute(
              "then_branch",
              branch("t", node("MatMul", ["g", "tw"], ["t_y"]), [lowRankWeight("tw", [24, 24], 3, 7)]),
            ),
            graphAttribute("else_branch", branch("e", node("MatMul", ["g", "w"], ["e_y"]), [])),
          ],
        ),
      ],
      [w(24, 24), lowRankWeight("o", [24, 24], 3, 5)],
      [...x(4, 24), value("c", [], "bool"), value("o", [24, 24])],
      y(4, 24),
    );
    const { result, changed } = await factorize(source, { rank: 3 });
    expect(result.changed.map(({ name }) => name)).toEqual(["model", "w", "k", "o", "tw"]);
    // Both orientations of "w" are stored: 4 × 3 × 24 numbers.
    expect(result.changed[1]?.what).toContain("576 → 288 parameters");
    expect(result.warnings).toEqual([expect.stringContaining("Inputs that held the defaults")]);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x", "c"]);
    expect(opTypes(changed.graph)).not.toContain("Constant");
    for (const seed of [1, 2, 3, 4]) {
      expect(modelProblems(changed)).toEqual([]);
      const { error, outputs } = await comparer.compare(withoutInput(source, "o"), changed, { seed });
      expect(error).toBeUndefined();
      expect(outputs[0]?.maxAbs).toBeLessThan(1e-4 * (outputs[0]?.rms ?? 0));
    }
  });

  it("below IR version 4, where initialisers had to be inputs", async () => {
    const source = single(
      [node("MatMul", ["x", "w"], ["y"])],
      [w(24, 16)],
      [...x(5, 24), value("w", [24, 16])],
      y(5, 16),
      9,
    );
    source.irVersion = 3;
    const { changed, result } = await factorize(source, { rank: 3 });
    expect(result.warnings).toEqual([]);
    expect([changed.irVersion, changed.graph.input.length]).toEqual([4, 1]);
    await expectSame(withoutInput(source, "w", 4), changed);
  });
});

function withoutInput(source: Model, name: string, irVersion = source.irVersion): Model {
  const input = source.graph.input.filter((entry) => entry.name !== name);
  return { ...source, irVersion, graph: { ...source.graph, input } };
}

describe("what is left alone, and why", () => {
  const matmul = (tensor: Tensor, rest: Node[] = []) =>
    single(
      [node("MatMul", ["x", "w"], ["y"]), ...rest],
      [tensor],
      x(2, tensor.dims[0] ?? 0),
      y(2, tensor.dims[1] ?? 0),
    );
  const sparse = Array.from({ length: 576 }, (_, at) => (at % 11 === 0 ? at - 300 : 0));
  const rows: [string, Model, object, RegExp][] = [
    [
      "full rank",
      matmul(weight("w", [24, 24])),
      {},
      /^rank \d+ \(of 24\) needs \d+ parameters, it has 576: ranks up to 11 would save enough$/,
    ],
    [
      "too little saved",
      matmul(w(24, 24)),
      { rank: 3, min_saving: 0.8 },
      /and 80% are to be saved: ranks up to 2/,
    ],
    [
      "sparse",
      matmul(floats("w", [24, 24], sparse)),
      { rank: 2 },
      /only 5\d of its 576 values are not zero$/,
    ],
    ["zero", matmul(floats("w", [24, 24], Array(576).fill(0))), {}, /^all its values are zero$/],
    ["not finite", matmul(floats("w", [2, 2], [1, 2, Number.POSITIVE_INFINITY, 4])), {}, /not finite/],
    [
      "read by others too",
      matmul(w(24, 24), [node("Add", ["w", "w"], ["z"])]),
      {},
      /^Add "n_z" needs the whole weight/,
    ],
    [
      "reshaped by others",
      matmul(w(24, 24), [node("Transpose", ["w"], ["z"], [makeInts("perm", [0, 1])])]),
      {},
      /^Transpose "n_z" needs/,
    ],
    [
      "an output",
      single([node("MatMul", ["x", "w"], ["y"])], [w(24, 24)], x(2, 24), [...y(2, 24), value("w", [24, 24])]),
      {},
      /^an output of the graph/,
    ],
    ["protected by name", matmul(w(24, 24)), { protect: ["w"] }, /^protected by name$/],
    ["protected by node", matmul(w(24, 24)), { protect: ["n_y"] }, /^protected by the name of a node/],
    ["a vector", matmul(weight("w", [24, 1])), {}, /has no lower rank/],
    [
      "groups",
      single(
        [node("Conv", ["x", "w"], ["y"], [makeInt("group", 8)])],
        [weight("w", [8, 1, 3, 3])],
        x(1, 8, 5, 5),
        y(1, 8, 3, 3),
      ),
      {},
      /in groups/,
    ],
    [
      "a batch of matrices",
      single([node("MatMul", ["x", "w"], ["y"])], [weight("w", [2, 8, 8])], x(2, 8, 8), y(2, 8, 8)),
      {},
      /^it has no constant weight of MatMul, Gemm, Conv$/,
    ],
  ];
  it.each(rows)("%s", async (_, source, options, reason) => {
    const { result, changed } = await factorize(source, options);
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toMatch(reason);
    expect(changed).toEqual(source);
  });

  it("names that protect nothing are reported, and options that exclude each other refused", async () => {
    expect((await factorize(matmul(w(24, 24)), { protect: ["typo"] })).result.warnings).toEqual([
      '"protect" names "typo", which the model does not have',
    ]);
    await expect(factorize(matmul(w(24, 24)), { rank: 2, energy: 0.5 })).rejects.toThrow(/only one/);
  });
});
