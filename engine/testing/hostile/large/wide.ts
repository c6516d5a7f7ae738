import { makeInt } from "#engine/onnx/attributes.ts";
import { graph, int64s, node, value, weight } from "#engine/passes/testing/build.ts";
import { chain, ifOf, type LargeModels, range, wrap } from "./build.ts";

const product = (at: number) =>
  ifOf(graph({ node: [node("MatMul", ["x", "w"], [`b${at}`])], output: [value(`b${at}`, [4])] }), at);

/** Much of one kind: nodes, weights, names. */
export const wide: LargeModels = {
  "a chain of 20,000 nodes": () => wrap(chain("Relu", 20_000), "v19999"),
  "a chain of 10,000 nodes in reverse order": () => wrap(chain("Relu", 10_000).reverse(), "v9999"),
  "5,000 nodes that read one weight": () =>
    wrap(
      range(5_000).map((at) => node("MatMul", ["x", "w"], [`y${at}`])),
      "y0",
      [weight("w", [256, 256])],
    ),
  // prune.magnitude held 384 KB of tables for each, 2 GB in all, and took 7 s.
  "5,000 weights": () =>
    wrap(
      range(5_000).map((at) => node("MatMul", ["x", `w${at}`], [`y${at}`])),
      "y0",
      range(5_000).map((at) => weight(`w${at}`, [8, 8], at)),
    ),
  // quantize.dynamic looked at every node twice and read a shared weight once for each reader.
  "10,000 branches": () => wrap(range(10_000).map(product), "if0", [weight("w", [256, 4])]),
  // Twice as many take twice as long, and are not read any more.
  "20,000 branches": () => wrap(range(20_000).map(product), "if0", [weight("w", [256, 4])]),
  "a node of 50,000 inputs": () =>
    wrap(
      [
        node(
          "Concat",
          range(50_000).map(() => "x"),
          ["y"],
          [makeInt("axis", 0)],
        ),
      ],
      "y",
    ),
  // simplify read the shape once for each place it is read at: 10 s.
  "ten nodes of 50,000 small shapes": () =>
    wrap(
      range(10).map((at) =>
        node(
          "Concat",
          range(50_000).map(() => "s"),
          [`y${at}`],
          [makeInt("axis", 0)],
        ),
      ),
      "y0",
      [int64s("s", range(256))],
    ),
  "a node of 50,000 outputs": () =>
    wrap(
      [
        node(
          "Split",
          ["x"],
          range(50_000).map((at) => `y${at}`),
        ),
      ],
      "y0",
    ),
  "100,000 attributes": () => {
    const many = node("Relu", ["x"], ["y"]);
    many.attribute = range(100_000).map((at) => makeInt(`a${at}`, at));
    return wrap([many], "y");
  },
  "50,000 outputs of the model that nothing makes": () => {
    const made = wrap([], "y");
    made.graph.output = range(50_000).map((at) => value(`y${at}`, [1]));
    return made;
  },
  "symbols that every object has": () => {
    const made = wrap([node("MatMul", ["x", "w"], ["y"])], "y", [weight("w", [16, 4])]);
    made.graph.input[0] = value("x", ["constructor", "__proto__", 16]);
    return made;
  },
};
