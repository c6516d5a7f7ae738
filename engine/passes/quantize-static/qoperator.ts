import type { Draft } from "./draft.ts";
import type { Written } from "./qdq.ts";
import { emitNode } from "./qoperator-rules.ts";
import { QOperatorWriter } from "./qoperator-writer.ts";

/** Writes the graph with integer operators, as ONNX Runtime 1.27's `ONNXQuantizer` does. */
export function writeQOperator(draft: Draft): Written {
  const writer = new QOperatorWriter(draft);
  const { graph } = draft;
  for (const node of [...graph.node]) {
    if (!draft.chosen.has(node) || !emitNode(writer, node)) writer.keep(node);
  }
  for (const { name } of graph.output) writer.float(name);
  graph.node = writer.nodes;
  return { released: writer.released, weights: writer.weights, products: writer.products };
}
