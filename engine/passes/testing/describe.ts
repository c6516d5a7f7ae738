import { readFileSync } from "node:fs";
import { decodeModel } from "#engine/onnx/decode.ts";
import { dtypeName } from "#engine/onnx/dtypes.ts";
import type { Graph, Model, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";

export function loadModel(path: string): Model {
  return decodeModel(readFileSync(path));
}

/** A tensor as plain data that tests compare: shape, type and bytes, wherever the file keeps them. */
export function tensorText(tensor: Tensor): string {
  const values = readTensor(tensor);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
  return `${dtypeName(tensor.dataType)} [${tensor.dims.join()}] ${bytes}`;
}

/** Initialisers by name, in the order of their names. */
export function initializersOf(graph: Graph): Record<string, string> {
  const entries = graph.initializer.map((tensor) => [tensor.name ?? "", tensorText(tensor)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Nodes in their order, with everything that decides what they compute. */
export function nodesOf(graph: Graph) {
  return graph.node.map((node) => ({
    op: `${node.domain ?? ""}:${node.opType}`,
    name: node.name ?? "",
    in: node.input,
    out: node.output,
    attributes: Object.fromEntries(
      node.attribute.map((attribute) => [
        attribute.name,
        attribute.t ? tensorText(attribute.t) : (attribute.f ?? attribute.i ?? attribute.ints ?? attribute.s),
      ]),
    ),
  }));
}
