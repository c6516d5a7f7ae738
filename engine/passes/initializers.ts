import type { Graph, Model } from "#engine/onnx/model.ts";

/**
 * Below IR version 4 every initialiser had to be an input of the graph as well, and was constant all the same.
 * From IR version 4 on, an initialiser that is also an input may be overridden by the caller. So that new
 * initialisers may be added and old ones stay constant, such a model moves to IR version 4 without those inputs.
 *
 * @returns whether the model was one of those
 */
export function detachInitializersFromInputs(model: Model): boolean {
  if ((model.irVersion ?? 0) >= 4) return false;
  model.irVersion = 4;
  // Below IR version 3 models name no operator set and mean version 1 of the default one; from there on they must.
  if (model.opsetImport.length === 0) model.opsetImport.push({ domain: "", version: 1 });
  dropInputs(model.graph, new Set(model.graph.initializer.map((tensor) => tensor.name ?? "")));
  return true;
}

export function dropInputs(graph: Graph, names: ReadonlySet<string>): void {
  graph.input = graph.input.filter((input) => !names.has(input.name));
}

/** Declares that the model uses a domain, where it does not yet. */
export function importDomain(model: Model, domain: string, version: number): void {
  if (!model.opsetImport.some((entry) => entry.domain === domain))
    model.opsetImport.push({ domain, version });
}
