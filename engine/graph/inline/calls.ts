import { subgraphs } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { functionKey } from "../scope.ts";

export type Functions = ReadonlyMap<string, FunctionDef>;

/** The local function that a node calls. Domain, name and overload have to match, as the IR specification says. */
export function calleeOf(functions: Functions, node: Node): FunctionDef | undefined {
  return functions.get(functionKey(node.domain, node.opType, node.overload));
}

/** The nodes of a body and those of the graphs in their attributes. */
export function* deepNodes(nodes: readonly Node[]): Generator<Node> {
  for (const node of nodes) {
    yield node;
    for (const graph of subgraphs(node)) yield* deepNodes(graph.node);
  }
}

/** The functions that these nodes call, whatever graph the call stands in. */
export function callsIn(functions: Functions, nodes: readonly Node[]): Set<FunctionDef> {
  const calls = new Set<FunctionDef>();
  for (const node of deepNodes(nodes)) {
    const callee = calleeOf(functions, node);
    if (callee !== undefined) calls.add(callee);
  }
  return calls;
}

/** Every function that these nodes need, directly or through another one. */
export function reachable(functions: Functions, nodes: readonly Node[]): Set<FunctionDef> {
  const found = new Set<FunctionDef>();
  const waiting = [...callsIn(functions, nodes)];
  for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
    if (found.has(body)) continue;
    found.add(body);
    waiting.push(...callsIn(functions, body.node));
  }
  return found;
}

/** Nodes of the training graphs, which are not inlined. */
export function trainingNodes(model: Model): Node[] {
  return (model.trainingInfo ?? []).flatMap(({ initialization, algorithm }) => [
    ...(initialization?.node ?? []),
    ...(algorithm?.node ?? []),
  ]);
}
