import { namesRead } from "#engine/graph/order.ts";
import type { Graph, Node } from "#engine/onnx/model.ts";

/**
 * The order in which ONNX Runtime's quantiser writes the nodes of the main graph: nodes without inputs first, then
 * those that become ready as initialisers and inputs are taken in alphabetical order, then breadth first. What a
 * subgraph takes from outside counts as an input of its node (ONNX Runtime forgets it, and may write a node before
 * the value that it needs).
 */
export function quantizerOrder(graph: Graph): Node[] {
  const waiting = new Map<Node, number>();
  const readers = new Map<string, Node[]>();
  const sorted: Node[] = [];
  for (const node of graph.node) {
    // With repetition: a value read twice is waited for twice and delivered twice.
    const names = node.input.filter((name) => name !== "");
    const own = new Set(names);
    for (const name of namesRead(node)) if (!own.has(name)) names.push(name);
    waiting.set(node, names.length);
    if (names.length === 0) sorted.push(node);
    for (const name of names) {
      const list = readers.get(name);
      if (list === undefined) readers.set(name, [node]);
      else list.push(node);
    }
  }
  const deliver = (name: string) => {
    for (const node of readers.get(name) ?? []) {
      const left = (waiting.get(node) ?? 0) - 1;
      waiting.set(node, left);
      if (left === 0) sorted.push(node);
    }
    // Every name is delivered once, even where a malformed graph makes it twice.
    readers.delete(name);
  };
  const given = new Set<string>();
  for (const tensor of graph.initializer) given.add(tensor.name ?? "");
  for (const sparse of graph.sparseInitializer ?? []) given.add(sparse.values?.name ?? "");
  for (const input of graph.input) given.add(input.name);
  for (const name of [...given].sort()) deliver(name);
  for (let next = 0; next < sorted.length; next++) {
    for (const name of sorted[next]?.output ?? []) if (name !== "") deliver(name);
  }
  return sorted;
}
