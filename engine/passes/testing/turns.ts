import type { Model, Node } from "#engine/onnx/model.ts";
import { graph, graphAttribute, int64s, model, node, value, weight } from "./build.ts";

const turns = 3;

/** Three turns of a product and a Sigmoid: as a Loop, and as nodes one after another, of which fewer can be had. */
export function turnsOf(width: number): { looped: Model; unrolled: (count?: number) => Model } {
  const shape = ["n", 3, width];
  const turn = graph({
    input: [value("i", [], "int64"), value("go", [], "bool"), value("s", shape)],
    output: [value("go_on", [], "bool"), value("next", shape)],
    node: [
      node("Identity", ["go"], ["go_on"]),
      node("MatMul", ["s", "w"], ["m"]),
      node("Sigmoid", ["m"], ["next"]),
    ],
  });
  const main = (nodes: Node[]) =>
    model(
      graph({
        input: [value("x", shape)],
        output: [value("y", shape)],
        node: nodes,
        initializer: [weight("w", [width, width], 3), int64s("turns", [turns], [])],
      }),
    );
  return {
    looped: main([node("Loop", ["turns", "", "x"], ["y"], [graphAttribute("body", turn)])]),
    unrolled: (count = turns) =>
      main(
        Array.from({ length: count }, (_, at) => [
          node("MatMul", [at === 0 ? "x" : `s${at}`, "w"], [`m${at}`]),
          node("Sigmoid", [`m${at}`], [at === count - 1 ? "y" : `s${at + 1}`]),
        ]).flat(),
      ),
  };
}
