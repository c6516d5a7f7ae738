import type { Model } from "#engine/onnx/model.ts";
import { choice, graph, model, node, value, weight } from "./build.ts";

/** Weights of 8 × 8 wherever they can stand: "w" shared by two nodes, "k" in a Constant, "t_w" and "e_w" in an If. */
export function weightsEverywhere(): Model {
  const branch = (name: string) =>
    graph({
      name,
      output: [value(`${name}_y`, [4, 8])],
      node: [node("MatMul", ["h", `${name}_w`], [`${name}_y`])],
      initializer: [weight(`${name}_w`, [8, 8], 7)],
    });
  return model(
    graph({
      input: [value("x", [4, 8]), value("c", [], "bool")],
      output: [value("y", [4, 8])],
      node: [
        node("Constant", [], ["k"], [{ name: "value", t: weight("", [8, 8], 3), type: 4 }]),
        node("MatMul", ["x", "w"], ["a"]),
        node("MatMul", ["a", "w"], ["b"]),
        node("MatMul", ["b", "k"], ["h"]),
        choice("c", "y", branch("t"), branch("e")),
      ],
      initializer: [weight("w", [8, 8])],
    }),
  );
}
