import type { ModelIndex } from "#engine/graph/index.ts";
import { makeTensorAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import type { PrunableWeight } from "./weights.ts";

/** Puts new tensors in the places of old ones, in Constant nodes and among the initialisers of every graph. */
export function replaceWeights(
  index: ModelIndex,
  weights: readonly PrunableWeight[],
  fresh: ReadonlyMap<Tensor, Tensor>,
): void {
  for (const { value, tensor } of weights) {
    const replacement = fresh.get(tensor);
    if (value.producer === undefined || replacement === undefined) continue;
    setAttribute(value.producer, makeTensorAttribute("value", replacement));
  }
  for (const { graph } of index.scopes) {
    if (graph === undefined) continue;
    graph.initializer = graph.initializer.map((tensor) => fresh.get(tensor) ?? tensor);
  }
}
