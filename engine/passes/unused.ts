import { indexModel, type Value } from "#engine/graph/index.ts";
import { modelScopes, type Scope } from "#engine/graph/scope.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { dropInputs } from "./initializers.ts";

/** Operators through which exporters hand weights on. */
const carriers = new Set(["Constant", "Identity", "Transpose", "Slice", "Concat", "Unsqueeze", "Squeeze"]);

/**
 * Removes the tensors named, and the nodes that only handed them on or put them together, where nothing reads them
 * any more. Initialisers that a caller could override lose their input too.
 *
 * @param names values that some node stopped reading, in any scope
 * @returns the names of the inputs that went
 */
export function removeUnused(model: Model, names: Iterable<string>): string[] {
  const index = indexModel(model);
  const deadNodes = new Set<Node>();
  const deadValues = new Map<Scope, Set<Value>>();
  const wanted = new Set(names);
  /** Uses by nodes that stay. */
  const uses = new Map<Value, number>();
  const usesOf = (value: Value) => uses.get(value) ?? value.uses.length;
  const waiting: Value[] = [];
  const bury = (value: Value): void => {
    if (value.isOutput || value.outputOf.length > 0 || usesOf(value) > 0) return;
    const { producer, scope } = value;
    if (producer === undefined ? value.initializer === undefined : !carriers.has(producer.opType)) return;
    const dead = deadValues.get(scope) ?? new Set();
    deadValues.set(scope, dead.add(value));
    if (producer === undefined || deadNodes.has(producer)) return;
    deadNodes.add(producer);
    for (const name of producer.input.toReversed()) {
      const source = name === "" ? undefined : index.resolve(scope, name);
      if (source === undefined) continue;
      uses.set(source, usesOf(source) - 1);
      waiting.push(source);
    }
  };
  for (const scope of index.scopes) {
    for (const named of index.values(scope).values()) {
      if (wanted.has(named.name)) waiting.push(named);
      for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) bury(value);
    }
  }
  const dropped: string[] = [];
  for (const scope of index.scopes) {
    const { graph, body } = scope;
    const dead = deadValues.get(scope);
    if (dead === undefined) continue;
    body.node = body.node.filter((node) => !deadNodes.has(node));
    if (graph === undefined) continue;
    const gone = new Set<string>();
    for (const value of dead) {
      gone.add(value.name);
      if (value.isInput) dropped.push(value.name);
    }
    graph.initializer = graph.initializer.filter((tensor) => !gone.has(tensor.name ?? ""));
    dropInputs(graph, gone);
    graph.valueInfo = graph.valueInfo.filter((info) => !gone.has(info.name));
  }
  return dropped;
}

/** Removes recorded types of values that no longer exist. */
export function dropStaleTypes(model: Model): void {
  // An index of a large graph takes longer than to see that there is nothing to do.
  if (modelScopes(model).every(({ graph }) => (graph?.valueInfo.length ?? 0) === 0)) return;
  const index = indexModel(model);
  for (const scope of index.scopes) {
    const { graph } = scope;
    if (graph === undefined || graph.valueInfo.length === 0) continue;
    const values = index.values(scope);
    graph.valueInfo = graph.valueInfo.filter((info) => values.has(info.name));
  }
}
