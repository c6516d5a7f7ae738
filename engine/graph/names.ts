import type { Model } from "#engine/onnx/model.ts";
import { modelScopes } from "./scope.ts";

/**
 * A maker of names that no value or node of the model has, in any scope: a subgraph may shadow nothing, so names
 * are unique over the whole model. The same model and the same calls give the same names.
 */
export function uniqueNames(model: Model): (wanted: string) => string {
  return namesBeside(takenNames(model));
}

/** Two makers, for values and for nodes: neither knows the names that the other one makes. */
export function uniqueNamePair(model: Model): [(wanted: string) => string, (wanted: string) => string] {
  const taken = takenNames(model);
  return [namesBeside(new Set(taken)), namesBeside(taken)];
}

function takenNames(model: Model): Set<string> {
  const taken = new Set<string>();
  for (const { body, graph } of modelScopes(model)) {
    for (const input of body.input) taken.add(typeof input === "string" ? input : input.name);
    for (const tensor of graph?.initializer ?? []) taken.add(tensor.name ?? "");
    for (const sparse of graph?.sparseInitializer ?? []) taken.add(sparse.values?.name ?? "");
    for (const node of body.node) {
      for (const output of node.output) taken.add(output);
      for (const input of node.input) taken.add(input);
      if (node.name !== undefined) taken.add(node.name);
    }
  }
  return taken;
}

/** @param taken grows by every name made */
function namesBeside(taken: Set<string>): (wanted: string) => string {
  // Names are never given back, so that a search goes on where the last one for the same name ended.
  const counts = new Map<string, number>();
  return (wanted) => {
    if (!taken.has(wanted)) {
      taken.add(wanted);
      return wanted;
    }
    let name = wanted;
    let count = counts.get(wanted) ?? 1;
    for (; taken.has(name); count++) name = `${wanted}_${count}`;
    counts.set(wanted, count);
    taken.add(name);
    return name;
  };
}
