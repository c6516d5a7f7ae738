import type { Value } from "#engine/graph/index.ts";
import { functionKey, localFunctions, normalDomain, type Scope } from "#engine/graph/scope.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { microsoftDomain } from "../domains.ts";
import { reportName } from "../pass.ts";
import { dropStaleTypes } from "../unused.ts";
import type { Draft, Part } from "./draft.ts";

/** Removes nodes, weights and local functions that no output of the model depends on. */
export const removeUnused: Part = (draft) => {
  const { nodes, values } = findLive(draft);
  for (const scope of draft.scopes) {
    // What stands in a subgraph goes with the node that holds it.
    if (scope.owner !== undefined && !nodes.has(scope.owner)) continue;
    const { graph } = scope;
    graph.node = graph.node.filter((node) => {
      if (nodes.has(node)) return true;
      draft.log.changed("remove_unused", reportName(node), say("simplify.unreadNode", { op: node.opType }));
      return false;
    });
    const isDead = (name: string | undefined) => {
      const value = draft.index.values(scope).get(name ?? "");
      return value !== undefined && !values.has(value) && !value.isInput;
    };
    graph.initializer = graph.initializer.filter(({ name }) => {
      if (!isDead(name)) return true;
      draft.log.changed("remove_unused", name ?? "", say("simplify.unreadConstant"));
      return false;
    });
    graph.sparseInitializer = graph.sparseInitializer?.filter((sparse) => !isDead(sparse.values?.name));
    if (scope.kind === "main") reportIdleInputs(draft, scope, values);
  }
  removeFunctions(draft);
  dropStaleTypes(draft.model);
};

function reportIdleInputs(draft: Draft, scope: Scope, live: ReadonlySet<Value>): void {
  for (const value of draft.index.values(scope).values()) {
    if (value.isInput && !live.has(value)) {
      draft.log.skip(value.name, say("simplify.unreadInput"));
    }
  }
}

/** What the outputs of the model depend on, and nodes that may act on the world around it. */
function findLive(draft: Draft): { nodes: ReadonlySet<Node>; values: ReadonlySet<Value> } {
  const { index } = draft;
  const nodes = new Set<Node>();
  const values = new Set<Value>();
  const waiting: [Scope, string][] = [];
  const acts = actors(draft.model);
  const enter = (scope: Scope) => {
    for (const output of scope.graph?.output ?? []) waiting.push([scope, output.name]);
    for (const annotation of scope.graph?.quantizationAnnotation ?? []) {
      for (const { value } of annotation.quantParameterTensorNames ?? []) waiting.push([scope, value ?? ""]);
    }
    for (const node of scope.body.node) if (acts(node)) keep(scope, node);
  };
  const keep = (scope: Scope, node: Node) => {
    if (nodes.has(node)) return;
    nodes.add(node);
    for (const name of node.input) if (name !== "") waiting.push([scope, name]);
    for (const graph of subgraphs(node)) {
      const inner = index.scopeOf(graph);
      if (inner !== undefined) enter(inner);
    }
  };
  const [main] = draft.scopes;
  if (main !== undefined) enter(main);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const value = index.resolve(...next);
    if (value === undefined || values.has(value)) continue;
    values.add(value);
    if (value.producer !== undefined) keep(value.scope, value.producer);
  }
  return { nodes, values };
}

/**
 * Whether a node may do more than compute its outputs. Operators of ONNX and ONNX Runtime do not; of other domains
 * nothing is known, except for local functions that consist of known ones.
 */
function actors(model: Model): (node: Node) => boolean {
  const functions = localFunctions(model);
  const known = new Map<FunctionDef, boolean>();
  const acts = (node: Node): boolean => {
    const callee = functions.get(functionKey(node.domain, node.opType, node.overload));
    if (callee !== undefined) {
      // A function that is asked again while it is looked at calls itself: validation refuses it.
      const answer = known.get(callee);
      if (answer !== undefined) return answer;
      known.set(callee, true);
      const result = callee.node.some(acts);
      known.set(callee, result);
      return result;
    }
    const domain = normalDomain(node.domain);
    if (subgraphs(node).some((graph) => graph.node.some(acts))) return true;
    return !["", microsoftDomain, "ai.onnx.ml"].includes(domain) || node.output.every((name) => name === "");
  };
  return acts;
}

/** Local functions that nothing calls, directly or through another one. */
function removeFunctions(draft: Draft): void {
  const { model, log } = draft;
  if (model.functions === undefined) return;
  const functions = localFunctions(model);
  const called = new Set<FunctionDef>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      const callee = functions.get(functionKey(node.domain, node.opType, node.overload));
      if (callee !== undefined && !called.has(callee)) {
        called.add(callee);
        visit(callee.node);
      }
      for (const graph of subgraphs(node)) visit(graph.node);
    }
  };
  visit(model.graph.node);
  model.functions = model.functions.filter((body) => {
    if (called.has(body)) return true;
    log.changed("remove_unused", body.name, say("simplify.unreadFunction"));
    return false;
  });
}
