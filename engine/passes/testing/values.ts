import { tensorAttribute } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";

/** The values of a weight of the main graph: an initialiser, or the output of a Constant node. */
export function valuesOf(model: Model, name: string): number[] {
  const { graph } = model;
  const constant = graph.node.find((node) => node.opType === "Constant" && node.output[0] === name);
  const tensor =
    graph.initializer.find((entry) => entry.name === name) ??
    (constant === undefined ? undefined : tensorAttribute(constant, "value"));
  if (tensor === undefined) throw new Error(`no weight ${name}`);
  return [...readFloats(tensor)];
}
