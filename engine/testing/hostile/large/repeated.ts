import { makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { graph, int64s, node, value, weight } from "#engine/passes/testing/build.ts";
import { chain, ifOf, type LargeModels, loopOf, nested, range, wrap } from "./build.ts";

const opset17 = [{ domain: "", version: 17 }];

/** A model that calls `f0`; each of 18 functions calls the next one twice, the last one has `leaf`. */
function calledOften(leaf: Partial<FunctionDef> & { node: Node[] }): Model {
  const made = wrap([{ ...node("f0", ["x"], ["y"]), domain: "local" }], "y");
  const last = 17;
  made.functions = range(last + 1).map((at) => ({
    name: `f${at}`,
    domain: "local",
    input: ["a"],
    output: ["b"],
    opsetImport: opset17,
    node: ["m", "b"].map((output) => ({ ...node(`f${at + 1}`, ["a"], [output]), domain: "local" })),
    ...(at === last ? leaf : {}),
  }));
  made.opsetImport.push({ domain: "local", version: 1 });
  return made;
}

/** Costs that multiply where one thing is looked at for each of another. */
export const repeated: LargeModels = {
  // Shape inference, and so everything after it, never ended: it counted nodes, not names and declarations.
  "a function of 20,000 declared values, called 2^17 times": () =>
    calledOften({
      node: [node("Relu", ["a"], ["b"])],
      valueInfo: range(20_000).map((at) => value(`v${at}`, [1])),
    }),
  // As above.
  "a node of 20,000 inputs, called 2^17 times": () =>
    calledOften({
      node: [
        node(
          "Concat",
          range(20_000).map(() => "a"),
          ["b"],
          [makeInt("axis", 0)],
        ),
      ],
    }),
  // Shape inference read the 256 numbers at each of the 2^17 calls: prune.structured took 3 s.
  "a constant of 256 numbers, called 2^17 times": () =>
    calledOften({
      node: [node("Constant", [], ["b"], [makeTensorAttribute("value", int64s("", range(256)))])],
    }),
  // Shape inference made a table of the constants at each turn and never ended.
  "1,000 weights in loops in loops": () =>
    wrap(
      [
        loopOf(
          nested(
            12,
            loopOf,
            graph({
              input: [value("i", [], "int64"), value("go", [], "bool"), value("state", [])],
              node: [node("Relu", ["x"], ["r"])],
              initializer: range(1_000).map((at) => int64s(`n${at}`, [at])),
              output: [value("c", [], "bool"), value("r", [])],
            }),
          ),
          99,
        ),
      ],
      "loop99",
      [int64s("turns", [9], [])],
    ),
  // quantize.dynamic took 34 s for 20,000 of them: it looked at every unused weight for every graph.
  "1,000 branches with the same weight": () =>
    wrap(
      range(1_000).map((at) =>
        ifOf(
          graph({
            node: [node("MatMul", ["x", `w${at}`], [`r${at}`])],
            initializer: [weight(`w${at}`, [4, 4])],
            output: [value(`r${at}`, [])],
          }),
          at,
        ),
      ),
      "if0",
    ),
  // cluster.kmeans took 6 s for 20,000 of them: its sort counts in tables far larger than such weights.
  "3,000 equal weights that are outputs": () => {
    const made = wrap(
      range(3_000).map((at) => node("MatMul", ["x", `w${at}`], [`y${at}`])),
      "y0",
      range(3_000).map((at) => weight(`w${at}`, [4, 4])),
    );
    made.graph.output.push(...range(3_000).map((at) => value(`w${at}`, [4, 4])));
    return made;
  },
  // simplify took 14 s: it worked out every scaled copy of the weight before it asked whether there may be one.
  "5,000 products with one bias, transposed and scaled": () =>
    wrap(
      range(5_000).map((at) =>
        node(
          "Gemm",
          ["x", "w", "b"],
          [`y${at}`],
          [{ name: "alpha", type: 1, f: 1 + at / 65536 }, makeInt("transB", 1)],
        ),
      ),
      "y0",
      [weight("w", [16, 256]), weight("b", [16])],
    ),
  // Names for new values were looked for from 1 on each time.
  "2,000 nodes of one name": () =>
    wrap(
      range(2_000).map((at) => ({ ...node("MatMul", ["x", `w${at}`], [`y${at}`]), name: "same" })),
      "y0",
      range(2_000).map((at) => weight(`w${at}`, [8, 4], at)),
    ),
  "readers along a chain of 2,000 nodes that hand a weight on": () =>
    wrap(
      range(2_000).flatMap((at) => [
        node("Identity", [at === 0 ? "w" : `i${at - 1}`], [`i${at}`]),
        node("MatMul", ["x", `i${at}`], [`y${at}`]),
      ]),
      "y0",
      [weight("w", [256, 16])],
    ),
  "readers along a chain of 2,000 constant sums": () =>
    wrap(
      range(2_000).flatMap((at) => [
        node("Add", [at === 0 ? "w" : `i${at - 1}`, "w"], [`i${at}`]),
        node("MatMul", ["x", `i${at}`], [`y${at}`]),
      ]),
      "y0",
      [weight("w", [256, 16])],
    ),
  "a chain of 8,000 transpositions": () =>
    wrap(
      range(8_000).map((at) =>
        node("Transpose", [at === 0 ? "x" : `v${at - 1}`], [`v${at}`], [makeInts("perm", [1, 0])]),
      ),
      "v7999",
    ),
  "a chain of 8,000 reshapes": () => wrap(chain("Reshape", 8_000, ["s"]), "v7999", [int64s("s", [16, 16])]),
  "a chain of 8,000 casts and identities": () =>
    wrap(
      range(8_000).map((at) =>
        node(
          at % 2 ? "Identity" : "Cast",
          [at === 0 ? "x" : `v${at - 1}`],
          [`v${at}`],
          at % 2 ? [] : [makeInt("to", at % 4 ? 1 : 11)],
        ),
      ),
      "v7999",
    ),
  "a chain of 2,000 layers with a shortcut each": () =>
    wrap(
      range(2_000).flatMap((at) => [
        node("MatMul", [at === 0 ? "x" : `v${at - 1}`, `w${at % 50}`], [`m${at}`]),
        node("Relu", [`m${at}`], [`r${at}`]),
        node("Add", [`r${at}`, at === 0 ? "x" : `v${at - 1}`], [`v${at}`]),
      ]),
      "v1999",
      range(50).map((at) => weight(`w${at}`, [16, 16], at)),
    ),
  "a ladder of 5,000 sums, each of the last two": () =>
    wrap(
      range(5_000).map((at) =>
        node("Add", [at < 1 ? "x" : `v${at - 1}`, at < 2 ? "x" : `v${at - 2}`], [`v${at}`]),
      ),
      "v4999",
    ),
  "a ladder of 5,000 constant sums": () =>
    wrap(
      range(5_000).map((at) =>
        node("Mul", [at < 1 ? "w" : `v${at - 1}`, at < 2 ? "w" : `v${at - 2}`], [`v${at}`]),
      ),
      "v4999",
      [int64s("w", [1, 1])],
    ),
  // What unused weights cost grew with the square of their readers.
  "2,000 transpositions of one weight, each read once": () =>
    wrap(
      range(2_000).flatMap((at) => [
        node("Transpose", ["w"], [`t${at}`], [makeInts("perm", [1, 0])]),
        node("MatMul", ["x", `t${at}`], [`y${at}`]),
      ]),
      "y0",
      [weight("w", [32, 256])],
    ),
};
