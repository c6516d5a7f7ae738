import type { ModelIndex } from "#engine/graph/index.ts";
import { namesRead, topologicalOrder } from "#engine/graph/order.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { smallIntAttribute, subgraphs } from "#engine/onnx/attributes.ts";
import type { Graph, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { nodeRemark } from "../pass.ts";
import { weightsOf } from "./weight-inputs.ts";

/** The names under which the body of a Loop or Scan gets its state and gives the next one. */
interface State {
  readonly owner: Node;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function stateOf({ owner, graph }: Scope): State | undefined {
  if (owner === undefined || graph === undefined || !isStandard(owner)) return undefined;
  const inputs = graph.input.map(({ name }) => name);
  const outputs = graph.output.map(({ name }) => name);
  if (owner.opType === "Loop") {
    const before = inputs.slice(2);
    return { owner, before, after: outputs.slice(1, 1 + before.length) };
  }
  if (owner.opType !== "Scan") return undefined;
  const before = inputs.slice(
    0,
    Math.max(0, inputs.length - (smallIntAttribute(owner, "num_scan_inputs") ?? 0)),
  );
  return { owner, before, after: outputs.slice(0, before.length) };
}

/**
 * Nodes of loops that hand a state on to the next turn, or change it, but for products with a weight: sums and gates.
 * As integers they would lose what is small beside the range of all turns, and errors would add up turn by turn.
 *
 * @param types operators that may be quantised
 * @returns the reason by node
 */
export function stateCarriers(index: ModelIndex, types: ReadonlySet<string>): Map<Node, EngineRemark> {
  const reasons = new Map<Node, EngineRemark>();
  for (const scope of index.scopes) {
    const state = stateOf(scope);
    if (state === undefined || state.before.length === 0) continue;
    const isProduct = (node: Node) =>
      isStandard(node) && types.has(node.opType) && weightsOf(index, scope, node).length > 0;
    const order = topologicalOrder(scope.body).sorted.filter((node) => !isProduct(node));
    const late = new Set<Node>();
    const wanted = new Set(state.after);
    for (const node of order.toReversed()) {
      if (!node.output.some((name) => wanted.has(name))) continue;
      late.add(node);
      for (const name of namesRead(node)) wanted.add(name);
    }
    const known = new Set(state.before);
    const reason = say("quantize-static.carriesState", { node: nodeRemark(state.owner) });
    for (const node of order) {
      if (![...namesRead(node)].some((name) => known.has(name))) continue;
      for (const name of node.output) known.add(name);
      if (late.has(node)) for (const one of withInner(node)) reasons.set(one, reason);
    }
  }
  for (const scope of index.scopes) {
    for (const node of scope.body.node) if (weightsOf(index, scope, node).length > 0) reasons.delete(node);
  }
  return reasons;
}

/** A node and the nodes of its subgraphs. */
function* withInner(node: Node): Generator<Node> {
  yield node;
  const waiting: Graph[] = subgraphs(node);
  for (let graph = waiting.pop(); graph !== undefined; graph = waiting.pop()) {
    for (const inner of graph.node) {
      yield inner;
      waiting.push(...subgraphs(inner));
    }
  }
}
