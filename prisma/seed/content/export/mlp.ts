import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import type { Parameter } from "../training/parameter.ts";
import { assemble, initializer, value } from "./assemble.ts";

/**
 * Writes a trained multilayer perceptron: image [batch, side, side] → Flatten → Gemm, Relu, … Gemm →
 * logits [batch, classes].
 *
 * @param parameters weight and bias of each layer in turn, as `training/mlp.ts` lists them
 */
export function exportMlp(
  parameters: readonly Parameter[],
  side: number,
  about: { name: string; description: string; metadata: Record<string, string> },
): Uint8Array {
  const layers = parameters.length / 2;
  const nodes: Node[] = [
    makeNode("Flatten", ["image"], ["pixels"], { name: "flatten", attribute: [makeInt("axis", 1)] }),
  ];
  let input = "pixels";
  for (let layer = 1; layer <= layers; layer++) {
    const name = `dense${layer}`;
    const output = layer === layers ? "logits" : name;
    nodes.push(makeNode("Gemm", [input, `${name}.weight`, `${name}.bias`], [output], { name }));
    if (layer < layers) nodes.push(makeNode("Relu", [name], [`relu${layer}`], { name: `relu${layer}` }));
    input = `relu${layer}`;
  }
  return assemble({
    ...about,
    inputs: [value("image", "float32", ["batch", side, side])],
    outputs: [value("logits", "float32", ["batch", parameters.at(-1)?.dims[0] ?? 0])],
    nodes,
    initializers: parameters.map(initializer),
  });
}
