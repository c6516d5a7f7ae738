import { afterAll, describe } from "vitest";
import { makeFloat, makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { floats, node, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { any, type Case, itSimplifies, relu } from "./testing/cases.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const bn = [weight("s", [3], 2), weight("b", [3], 3), weight("m", [3], 4), floats("v", [3], [0.5, 1, 2])];

const fusion: Record<string, Case> = {
  "Conv and BatchNormalization": {
    x: [1, 2, 5, 5],
    nodes: [node("Conv", ["x", "w"], ["c"]), node("BatchNormalization", ["c", "s", "b", "m", "v"], ["y"])],
    weights: [weight("w", [3, 2, 3, 3], 5), ...bn],
    ops: ["Conv"],
    tolerance: 1e-6,
  },
  "Conv with bias and groups": {
    x: [1, 3, 5, 5],
    nodes: [
      node("Conv", ["x", "w", "k"], ["c"], [makeInt("group", 3)]),
      node("BatchNormalization", ["c", "s", "b", "m", "v"], ["y"], [makeFloat("epsilon", 0.1)]),
    ],
    weights: [weight("w", [3, 1, 3, 3], 5), weight("k", [3], 6), ...bn],
    ops: ["Conv"],
    tolerance: 1e-6,
  },
  "ConvTranspose with groups": {
    x: [1, 4, 4, 4],
    nodes: [
      node("ConvTranspose", ["x", "w", "k"], ["c"], [makeInt("group", 2)]),
      node("BatchNormalization", ["c", "s", "b", "m", "v"], ["y"]),
    ],
    weights: [
      weight("w", [4, 3, 2, 2], 5),
      weight("k", [6], 6),
      weight("s", [6], 2),
      weight("b", [6], 3),
      weight("m", [6], 4),
      floats("v", [6], [0.5, 1, 2, 3, 4, 5]),
    ],
    ops: ["ConvTranspose"],
    tolerance: 1e-6,
  },
  "Gemm with factors": {
    x: [2, 4],
    nodes: [
      node(
        "Gemm",
        ["x", "w", "k"],
        ["g"],
        [makeFloat("alpha", 0.5), makeFloat("beta", 2), makeInt("transB", 1)],
      ),
      node("BatchNormalization", ["g", "s", "b", "m", "v"], ["y"]),
    ],
    weights: [weight("w", [3, 4], 5), weight("k", [3], 6), ...bn],
    ops: ["Gemm"],
    tolerance: 1e-6,
  },
  "MatMul of matrices": {
    x: ["n", 4],
    nodes: [node("MatMul", ["x", "w"], ["g"]), node("BatchNormalization", ["g", "s", "b", "m", "v"], ["y"])],
    weights: [weight("w", [4, 3], 5), ...bn],
    ops: ["Gemm"],
    tolerance: 1e-6,
  },
  "MatMul whose channels are elsewhere": {
    x: [2, 3, 4],
    nodes: [node("MatMul", ["x", "w"], ["g"]), node("BatchNormalization", ["g", "s", "b", "m", "v"], ["y"])],
    weights: [weight("w", [4, 3], 5), ...bn],
    ops: ["MatMul", "BatchNormalization"],
  },
  "Conv that others read": {
    x: [1, 2, 5, 5],
    nodes: [
      node("Conv", ["x", "w"], ["c"]),
      node("BatchNormalization", ["c", "s", "b", "m", "v"], ["n"]),
      node("Add", ["c", "n"], ["y"]),
    ],
    weights: [weight("w", [3, 2, 3, 3], 5), ...bn],
    ops: ["Conv", "BatchNormalization", "Add"],
  },
  "small weights that another Conv reads": {
    x: [1, 2, 5, 5],
    nodes: [
      node("Conv", ["x", "w"], ["c"]),
      node("BatchNormalization", ["c", "s", "b", "m", "v"], ["n"]),
      node("Conv", ["x", "w"], ["d"], [makeInts("dilations", [1, 1])]),
      node("Add", ["d", "n"], ["y"]),
    ],
    weights: [weight("w", [3, 2, 3, 3], 5), ...bn],
    ops: ["Conv", "Conv", "Add"],
    tolerance: 1e-6,
  },
  "large weights that another Conv reads": {
    x: [1, 2, 5, 5],
    nodes: [
      node("Conv", ["x", "w"], ["c"]),
      node("BatchNormalization", ["c", "s", "b", "m", "v"], ["n"]),
      node("Conv", ["x", "w"], ["d"], [makeInts("dilations", [1, 1])]),
      node("Add", ["d", "n"], ["y"]),
    ],
    weights: [weight("w", [3, 2, 3, 3], 5), ...bn],
    options: { max_folded_bytes: 100 },
    ops: ["Conv", "BatchNormalization", "Conv", "Add"],
  },
};

const gemms: Record<string, Case> = {
  "MatMul and a bias": {
    x: ["n", 4],
    nodes: [node("MatMul", ["x", "w"], ["m"]), node("Add", ["k", "m"], ["y"])],
    weights: [weight("w", [4, 3], 5), weight("k", [3], 6)],
    ops: ["Gemm"],
    tolerance: 1e-6,
  },
  "MatMul of more axes": {
    x: [2, 2, 4],
    nodes: [node("MatMul", ["x", "w"], ["m"]), node("Add", ["m", "k"], ["y"])],
    weights: [weight("w", [4, 3], 5), weight("k", [3], 6)],
    ops: ["MatMul", "Add"],
  },
  "a bias of several rows": {
    x: [1, 4],
    nodes: [node("MatMul", ["x", "w"], ["m"]), node("Add", ["m", "k"], ["y"])],
    weights: [weight("w", [4, 3], 5), weight("k", [2, 3], 6)],
    ops: ["MatMul", "Add"],
  },
  "a bias that makes the result wider": {
    x: [2, 4],
    nodes: [node("MatMul", ["x", "w"], ["m"]), node("Add", ["m", "k"], ["y"])],
    weights: [weight("w", [4, 1], 5), weight("k", [3], 6)],
    ops: ["MatMul", "Add"],
  },
  "factors and transpositions": {
    x: [2, 4],
    nodes: [
      node(
        "Gemm",
        ["x", "w", "k"],
        ["y"],
        [makeFloat("alpha", 0.3), makeFloat("beta", 1.7), makeInt("transB", 1)],
      ),
    ],
    weights: [weight("w", [3, 4], 5), weight("k", [3], 6)],
    ops: ["Gemm"],
    tolerance: 1e-6,
  },
  "a constant on the left": {
    x: [4, 3],
    nodes: [node("Gemm", ["w", "x"], ["y"], [makeFloat("alpha", 2), makeInt("transA", 1)])],
    weights: [weight("w", [4, 2], 5)],
    ops: ["Gemm"],
    tolerance: 1e-6,
  },
  "a bias taken 0 times": {
    x: [2, 4],
    nodes: [node("Gemm", ["x", "w", "k"], ["y"], [makeFloat("beta", 0)])],
    weights: [weight("w", [4, 3], 5), weight("k", [3], 6)],
    ops: ["Gemm"],
  },
};

const duplicates: Record<string, Case> = {
  "equal nodes": {
    x: [2, 3],
    nodes: [
      node("Exp", ["x"], ["a"]),
      node("Exp", ["x"], ["b"]),
      node("Neg", ["a"], ["c"]),
      node("Neg", ["b"], ["d"]),
      node("Mul", ["c", "d"], ["y"]),
    ],
    ops: ["Exp", "Neg", "Mul"],
  },
  "nodes of equal weights": {
    x: [2, 3],
    nodes: [
      node("MatMul", ["x", "v"], ["a"]),
      node("MatMul", ["x", "w"], ["b"]),
      node("Mul", ["a", "b"], ["y"]),
    ],
    weights: [weight("v", [3, 4], 5), weight("w", [3, 4], 5)],
    ops: ["MatMul", "Mul"],
  },
  "nodes with other attributes": {
    x: [2, 3],
    nodes: [
      node("Softmax", ["x"], ["a"], [makeInt("axis", 0)]),
      node("Softmax", ["x"], ["b"], [makeInt("axis", 1)]),
      node("Mul", ["a", "b"], ["y"]),
    ],
    ops: ["Softmax", "Softmax", "Mul"],
  },
  "equal nodes that are both outputs": {
    x: [2, 3],
    nodes: [node("Exp", ["x"], ["y"]), node("Exp", ["x"], ["z"])],
    outputs: [any("y"), any("z")],
    ops: ["Exp", "Exp"],
  },
  "equal nodes, the later of which is an output": {
    x: [2, 3],
    nodes: [node("Exp", ["x"], ["a"]), node("Exp", ["x"], ["y"]), relu("a", "z")],
    outputs: [any("y"), any("z")],
    ops: ["Exp", "Relu"],
  },
};

describe("batch normalisation", () => {
  itSimplifies(comparer, fusion);
});

describe("Gemm", () => {
  itSimplifies(comparer, gemms);
});

describe("duplicates", () => {
  itSimplifies(comparer, duplicates);
});
