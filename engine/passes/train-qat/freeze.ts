import { indexModel } from "#engine/graph/index.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { trainableTensors } from "#engine/train/graph/parameters.ts";
import { findConstant } from "../constants.ts";

/** Inputs of nodes that stay as they are. Folding may give them other names, but leaves them where they are read. */
export interface FreezePlaces {
  readonly places: readonly { readonly node: Node; readonly position: number }[];
  /** Names that the model does not have. */
  readonly unknown: readonly string[];
}

/** @param names of tensors, or of nodes whose tensors are meant */
export function freezePlaces(model: Model, names: readonly string[]): FreezePlaces {
  const { trainable, unknown } = trainableTensors(model, names);
  const free = new Set(trainable.map(({ name }) => name));
  const held = new Set(
    trainableTensors(model)
      .trainable.map(({ name }) => name)
      .filter((name) => !free.has(name)),
  );
  const sourceOf = sourcesIn(model);
  const places = model.graph.node.flatMap((node) =>
    node.input.flatMap((name, position) => (held.has(sourceOf(name)) ? [{ node, position }] : [])),
  );
  return { places, unknown };
}

/**
 * The tensors that stand at such places now. A batch normalisation that could not be folded keeps its statistics, with
 * which it will be exported.
 */
export function frozenNames(model: Model, { places }: FreezePlaces): string[] {
  const statistics = model.graph.node
    .filter(({ opType }) => opType === "BatchNormalization")
    .flatMap(({ input }) => input.slice(3, 5));
  const sourceOf = sourcesIn(model);
  const names = places.map(({ node, position }) => sourceOf(node.input[position] ?? ""));
  return [...new Set([...names, ...statistics])];
}

/** By the name of a value, that of the constant which it hands on; else its own. */
function sourcesIn(model: Model): (name: string) => string {
  const index = indexModel(model);
  const [scope] = index.scopes;
  return (name) => (scope && name !== "" && findConstant(index, scope, name)?.value.name) || name;
}
