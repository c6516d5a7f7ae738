import { smallIntAttribute, tensorAttribute } from "#engine/onnx/attributes.ts";
import type { Graph, Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";

/** Operators that pass indices on unchanged, apart from shape and type. */
const transparent = new Set([
  "Cast",
  "Identity",
  "Reshape",
  "Squeeze",
  "Unsqueeze",
  "Flatten",
  "Transpose",
  "Expand",
  "Slice",
  "Clip",
]);

/** Operators whose result has as many rows as their first input. */
const keepsRows = new Set(["DequantizeLinear", "Cast", "Identity"]);

/** Which input holds the indices and which the table they point into. */
const lookups: Record<string, readonly { indices: number; table: number }[]> = {
  Gather: [{ indices: 1, table: 0 }],
  GatherBlockQuantized: [{ indices: 1, table: 0 }],
  EmbedLayerNormalization: [
    { indices: 0, table: 2 },
    { indices: 1, table: 4 },
  ],
};

/**
 * For each graph input whose values are looked up in a stored table: the number of rows of that table, the
 * smallest where there are several. Indices must stay below it. Looks at the main graph only.
 */
export function indexBounds(graph: Graph): Map<string, number> {
  const consumers = new Map<string, Node[]>();
  const producers = new Map<string, Node>();
  for (const node of graph.node) {
    for (const name of node.input) consumers.set(name, [...(consumers.get(name) ?? []), node]);
    for (const name of node.output) producers.set(name, node);
  }
  const dims = new Map(graph.initializer.map((tensor) => [tensor.name, tensor.dims]));
  const tableRows = (name: string, axis: number, depth = 0): number | undefined => {
    const shape = dims.get(name);
    if (shape !== undefined) return shape[axis < 0 ? axis + shape.length : axis];
    const producer = producers.get(name);
    if (producer === undefined || depth > 8) return undefined;
    if (producer.opType === "Constant") {
      const constant = tensorAttribute(producer, "value")?.dims;
      return constant?.[axis < 0 ? axis + constant.length : axis];
    }
    return keepsRows.has(producer.opType) ? tableRows(producer.input[0] ?? "", axis, depth + 1) : undefined;
  };

  const bounds = new Map<string, number>();
  for (const { name: input } of graph.input) {
    const seen = new Set<string>([input]);
    for (const value of seen) {
      for (const node of consumers.get(value) ?? []) {
        if (transparent.has(node.opType) && node.input[0] === value)
          for (const out of node.output) seen.add(out);
        for (const { indices, table } of own(lookups, node.opType) ?? []) {
          if (node.input[indices] !== value) continue;
          const axis =
            smallIntAttribute(node, node.opType === "GatherBlockQuantized" ? "gather_axis" : "axis") ?? 0;
          const rows = tableRows(node.input[table] ?? "", axis);
          if (rows !== undefined) bounds.set(input, Math.min(rows, bounds.get(input) ?? rows));
        }
      }
    }
  }
  return bounds;
}
