import { floatAttribute, makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";

/** Writes each LayerNormalization over the last axis as the means, squares and quotients that it stands for. */
export function spellLayerNorms({ graph }: Model): void {
  graph.node = graph.node.flatMap((node, at) =>
    node.opType === "LayerNormalization" ? spelled(node, at) : [node],
  );
  graph.initializer.push(makeTensor("ln_axes", "int64", [1], BigInt64Array.of(-1n)));
  function spelled(node: Node, at: number): Node[] {
    const [x = "", scale = "", bias = ""] = node.input;
    const [y = ""] = node.output;
    const name = (part: string) => `ln${at}_${part}`;
    const epsilon = floatAttribute(node, "epsilon") ?? 1e-5;
    graph.initializer.push(makeTensor(name("epsilon"), "float32", [], Float32Array.of(epsilon)));
    const mean = (input: string, output: string) =>
      makeNode("ReduceMean", [input, "ln_axes"], [output], { attribute: [makeInt("keepdims", 1)] });
    return [
      mean(x, name("mean")),
      makeNode("Sub", [x, name("mean")], [name("centred")]),
      makeNode("Mul", [name("centred"), name("centred")], [name("squares")]),
      mean(name("squares"), name("variance")),
      makeNode("Add", [name("variance"), name("epsilon")], [name("safe")]),
      makeNode("Sqrt", [name("safe")], [name("deviation")]),
      makeNode("Div", [name("centred"), name("deviation")], [name("normal")]),
      makeNode("Mul", [name("normal"), scale], [name("scaled")]),
      makeNode("Add", [name("scaled"), bias], [y]),
    ];
  }
}
