import { afterAll, describe, expect, it } from "vitest";
import { makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { floats, graph, int64s, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { maskUnits } from "../testing/mask-units.ts";
import { dense, dimsOf, mlp, prune, pruneExactly, structured } from "../testing/structured.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const ints = (name: string, values: number[]) => makeInts(name, values);

/** Image [1, 3, 8, 8] → `inner` → y. */
function image(inner: Node[], initializer: Tensor[], output: (number | string)[], opset = 17): Model {
  return model(
    graph({ input: [value("x", [1, 3, 8, 8])], output: [value("y", output)], node: inner, initializer }),
    opset,
  );
}

describe("the pruned model computes what the masked one does", () => {
  it("through biases of Gemm and per-channel constants", async () => {
    const { changed } = await pruneExactly(comparer, mlp());
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
    const { changed, result } = await pruneExactly(comparer, source);
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
    const { changed } = await pruneExactly(comparer, source, { ratio: 0.5 });
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
    const { changed } = await pruneExactly(comparer, source, { ratio: 0.5 });
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
    const { changed } = await pruneExactly(comparer, source, { ratio: 0.5 });
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
    const { changed } = await pruneExactly(comparer, source);
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
    const { changed } = await pruneExactly(comparer, source, { ratio: 0.5 });
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
    const masked = maskUnits(source, structured({ ratio: 0.5 }));
    const { error, outputs } = await comparer.compare(masked as Model, changed);
    expect(error).toBeUndefined();
    expect(outputs[0]?.maxAbs).toBeLessThan(5e-3);
  });
});
