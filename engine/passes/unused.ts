import { indexModel, type Value } from "#engine/graph/index.ts";
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
  const deadValues = new Set<Value>();
  const wanted = new Set(names);
  const isDead = (value: Value) =>
    !value.isOutput && value.outputOf.length === 0 && value.uses.every((use) => deadNodes.has(use.node));
  const visit = (value: Value): void => {
    if (deadValues.has(value) || !isDead(value)) return;
    if (value.producer === undefined) {
      if (value.initializer !== undefined) deadValues.add(value);
      return;
    }
    if (!carriers.has(value.producer.opType)) return;
    deadValues.add(value);
    deadNodes.add(value.producer);
    for (const name of value.producer.input) {
      const source = index.resolve(value.scope, name);
      if (source !== undefined) visit(source);
    }
  };
  for (const scope of index.scopes) {
    for (const value of index.values(scope).values()) if (wanted.has(value.name)) visit(value);
  }
  const dropped: string[] = [];
  for (const scope of index.scopes) {
    const { graph, body } = scope;
    body.node = body.node.filter((node) => !deadNodes.has(node));
    if (graph === undefined) continue;
    const gone = new Set<string>();
    for (const value of deadValues) {
      if (value.scope !== scope) continue;
      gone.add(value.name);
      if (value.isInput) dropped.push(value.name);
    }
    if (gone.size === 0) continue;
    graph.initializer = graph.initializer.filter((tensor) => !gone.has(tensor.name ?? ""));
    dropInputs(graph, gone);
    graph.valueInfo = graph.valueInfo.filter((info) => !gone.has(info.name));
  }
  return dropped;
}

/** Removes recorded types of values that no longer exist. */
export function dropStaleTypes(model: Model): void {
  const index = indexModel(model);
  for (const scope of index.scopes) {
    const { graph } = scope;
    if (graph === undefined || graph.valueInfo.length === 0) continue;
    const values = index.values(scope);
    graph.valueInfo = graph.valueInfo.filter((info) => values.has(info.name));
  }
}
