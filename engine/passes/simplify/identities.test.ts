import { afterAll, describe } from "vitest";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { floats, int64s, node } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { any, type Case, itSimplifies, relu } from "./testing/cases.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const identities: Record<string, Case> = {
  Identity: { x: [2, 3], nodes: [node("Identity", ["x"], ["a"]), relu("a")], ops: ["Relu"] },
  "a chain of Identity nodes": {
    x: [2, 3],
    nodes: [
      node("Identity", ["x"], ["a"]),
      node("Identity", ["a"], ["b"]),
      node("Identity", ["b"], ["c"]),
      relu("c"),
    ],
    ops: ["Relu"],
  },
  "Identity before an output, which keeps its name": {
    x: [2, 3],
    nodes: [relu("x", "a"), node("Identity", ["a"], ["y"])],
    ops: ["Relu"],
  },
  "Identity from input to output, which must stay": {
    x: [2, 3],
    nodes: [node("Identity", ["x"], ["y"])],
    ops: ["Identity"],
  },
  "two outputs of one value, one of which must stay a node": {
    x: [2, 3],
    nodes: [relu("x", "a"), node("Identity", ["a"], ["y"]), node("Identity", ["a"], ["z"])],
    outputs: [any("y"), any("z")],
    ops: ["Relu", "Identity"],
  },
  Dropout: { x: [2, 3], nodes: [node("Dropout", ["x"], ["a"]), relu("a")], ops: ["Relu"] },
  "Dropout whose mask is read": {
    x: [2, 3],
    nodes: [node("Dropout", ["x"], ["a", "mask"]), relu("a")],
    outputs: [any("y"), any("mask", 9)],
    ops: ["Dropout", "Relu"],
  },
  "Cast to the same type": {
    x: [2, 3],
    nodes: [node("Cast", ["x"], ["a"], [makeInt("to", 1)]), relu("a")],
    ops: ["Relu"],
  },
  "Cast to another type": {
    x: [2, 3],
    nodes: [
      node("Cast", ["x"], ["a"], [makeInt("to", 11)]),
      node("Cast", ["a"], ["b"], [makeInt("to", 1)]),
      relu("b"),
    ],
    ops: ["Cast", "Cast", "Relu"],
  },
  "Reshape to the same known shape": {
    x: [2, 3],
    nodes: [node("Reshape", ["x", "w"], ["a"]), relu("a")],
    weights: [int64s("w", [2, -1])],
    ops: ["Relu"],
  },
  "Reshape where the batch is all that is not known": {
    x: ["n", 3],
    nodes: [node("Reshape", ["x", "w"], ["a"]), relu("a")],
    weights: [int64s("w", [-1, 3])],
    ops: ["Relu"],
  },
  "Reshape that may change the shape": {
    x: ["n", "m"],
    nodes: [node("Reshape", ["x", "w"], ["a"]), relu("a")],
    weights: [int64s("w", [-1, 3])],
    ops: ["Reshape", "Relu"],
    dims: { n: 2, m: 6 },
  },
  "Reshape that swaps two dimensions": {
    x: [2, 3],
    nodes: [node("Reshape", ["x", "w"], ["a"]), relu("a")],
    weights: [int64s("w", [3, 2])],
    ops: ["Reshape", "Relu"],
  },
  "Flatten of a matrix": { x: ["n", 3], nodes: [node("Flatten", ["x"], ["a"]), relu("a")], ops: ["Relu"] },
  "Transpose pair": {
    x: [2, 3, 4],
    nodes: [
      node("Transpose", ["x"], ["a"], [makeInts("perm", [1, 2, 0])]),
      node("Transpose", ["a"], ["b"], [makeInts("perm", [2, 0, 1])]),
      relu("b"),
    ],
    ops: ["Relu"],
  },
  "Transpose pair that becomes one": {
    x: [2, 3, 4],
    nodes: [
      node("Transpose", ["x"], ["a"], [makeInts("perm", [1, 2, 0])]),
      node("Transpose", ["a"], ["b"], [makeInts("perm", [0, 2, 1])]),
      relu("b"),
    ],
    ops: ["Transpose", "Relu"],
  },
  "Transpose that keeps every axis": {
    x: [2, 3],
    nodes: [node("Transpose", ["x"], ["a"], [makeInts("perm", [0, 1])]), relu("a")],
    ops: ["Relu"],
  },
  "Pad of nothing": {
    x: [2, 3],
    nodes: [node("Pad", ["x", "p"], ["a"]), relu("a")],
    weights: [int64s("p", [0, 0, 0, 0])],
    ops: ["Relu"],
  },
  "Pad here and cut there": {
    x: [2, 3],
    nodes: [node("Pad", ["x", "p"], ["a"]), relu("a")],
    weights: [int64s("p", [0, 1, 0, -1])],
    ops: ["Pad", "Relu"],
  },
  "Slice of everything": {
    x: ["n", 3],
    nodes: [node("Slice", ["x", "s", "e", "a"], ["t"]), relu("t")],
    weights: [int64s("s", [0, 0]), int64s("e", [2 ** 40, 3]), int64s("a", [0, 1])],
    ops: ["Relu"],
  },
  "Slice of everything, all sizes known": {
    x: [2, 3],
    nodes: [node("Slice", ["x", "s", "e"], ["t"]), relu("t")],
    weights: [int64s("s", [-2, 0]), int64s("e", [9, 3])],
    ops: ["Relu"],
  },
  "Slice backwards": {
    x: [2, 3],
    nodes: [node("Slice", ["x", "s", "e", "a", "k"], ["t"]), relu("t")],
    weights: [int64s("s", [-1]), int64s("e", [-9]), int64s("a", [1]), int64s("k", [-1])],
    ops: ["Slice", "Relu"],
  },
  "Concat of one": {
    x: [2, 3],
    nodes: [node("Concat", ["x"], ["a"], [makeInt("axis", 0)]), relu("a")],
    ops: ["Relu"],
  },
  "Add of zeros": {
    x: [2, 3],
    nodes: [node("Add", ["x", "z"], ["a"]), relu("a")],
    weights: [floats("z", [3], [0, 0, 0])],
    ops: ["Relu"],
  },
  "Add of zeros that broadcasts": {
    x: [1, 3],
    nodes: [node("Add", ["x", "z"], ["a"]), relu("a")],
    weights: [floats("z", [2, 3], [0, 0, 0, 0, 0, 0])],
    ops: ["Add", "Relu"],
  },
  "Add of zeros to an axis that may be 1": {
    x: ["n", 3],
    nodes: [node("Add", ["x", "z"], ["a"]), relu("a")],
    weights: [floats("z", [2, 1], [0, 0])],
    ops: ["Add", "Relu"],
    dims: { n: 1 },
  },
  "Mul and Div by 1, Sub of 0": {
    x: [2, 3],
    nodes: [
      node("Mul", ["i", "x"], ["a"]),
      node("Div", ["a", "i"], ["b"]),
      node("Sub", ["b", "z"], ["c"]),
      relu("c"),
    ],
    weights: [floats("i", [], [1]), floats("z", [1], [0])],
    ops: ["Relu"],
  },
  "Sub from 0 and Div of 1": {
    x: [2, 3],
    nodes: [node("Sub", ["z", "x"], ["a"]), node("Div", ["i", "a"], ["b"]), relu("b")],
    weights: [floats("i", [], [1]), floats("z", [], [0])],
    ops: ["Sub", "Div", "Relu"],
  },
  "Unsqueeze and Squeeze": {
    x: ["n", "m"],
    nodes: [node("Unsqueeze", ["x", "a"], ["u"]), node("Squeeze", ["u", "a"], ["t"]), relu("t")],
    weights: [int64s("a", [1, -1])],
    ops: ["Relu"],
  },
  "Unsqueeze and Squeeze of other axes": {
    x: [2, 1],
    nodes: [node("Unsqueeze", ["x", "a"], ["u"]), node("Squeeze", ["u", "b"], ["t"]), relu("t")],
    weights: [int64s("a", [0]), int64s("b", [2])],
    ops: ["Unsqueeze", "Squeeze", "Relu"],
  },
  "Reshape of Reshape": {
    x: ["n", 6],
    nodes: [node("Reshape", ["x", "p"], ["a"]), node("Reshape", ["a", "q"], ["b"]), relu("b")],
    weights: [int64s("p", [-1, 2]), int64s("q", [-1, 2, 3])],
    ops: ["Reshape", "Relu"],
  },
  "Expand and Tile that repeat nothing": {
    x: [2, 3],
    nodes: [node("Expand", ["x", "e"], ["a"]), node("Tile", ["a", "t"], ["b"]), relu("b")],
    weights: [int64s("e", [1, 3]), int64s("t", [1, 1])],
    ops: ["Relu"],
  },
};

describe("nodes that change nothing", () => {
  itSimplifies(comparer, identities);
});
