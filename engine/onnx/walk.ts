import type { Attribute, Graph, Model, Node, SparseTensor, Tensor } from "./model.ts";
import { quote } from "./quote.ts";

/** A tensor of a model and where it stands. */
export interface PlacedTensor {
  readonly tensor: Tensor;
  readonly role: "initializer" | "attribute" | "sparse-values" | "sparse-indices";
  readonly place: string;
}

/** Every tensor of a model: initialisers, attributes, sparse parts, in subgraphs, functions and training graphs. */
export function* modelTensors(model: Model): Generator<PlacedTensor> {
  yield* graphTensors(model.graph);
  for (const body of model.functions ?? []) {
    for (const node of body.node) yield* nodeTensors(node);
    for (const attribute of body.attributeProto ?? []) yield* attributeTensors(attribute, quote(body.name));
  }
  for (const info of model.trainingInfo ?? []) {
    if (info.initialization) yield* graphTensors(info.initialization);
    if (info.algorithm) yield* graphTensors(info.algorithm);
  }
}

function* graphTensors(graph: Graph): Generator<PlacedTensor> {
  for (const tensor of graph.initializer) {
    yield { tensor, role: "initializer", place: `initializer ${quote(tensor.name ?? "")}` };
  }
  for (const sparse of graph.sparseInitializer ?? []) yield* sparseTensors(sparse);
  for (const node of graph.node) yield* nodeTensors(node);
}

function* nodeTensors(node: Node): Generator<PlacedTensor> {
  const name = quote(node.name || (node.output[0] ?? ""));
  for (const attribute of node.attribute) yield* attributeTensors(attribute, name);
}

function* attributeTensors(attribute: Attribute, owner: string): Generator<PlacedTensor> {
  const place = `attribute ${quote(attribute.name)} of ${owner}`;
  if (attribute.t) yield { tensor: attribute.t, role: "attribute", place };
  for (const tensor of attribute.tensors ?? []) yield { tensor, role: "attribute", place };
  if (attribute.sparseTensor) yield* sparseTensors(attribute.sparseTensor);
  for (const sparse of attribute.sparseTensors ?? []) yield* sparseTensors(sparse);
  if (attribute.g) yield* graphTensors(attribute.g);
  for (const graph of attribute.graphs ?? []) yield* graphTensors(graph);
}

function* sparseTensors(sparse: SparseTensor): Generator<PlacedTensor> {
  const place = `sparse tensor ${quote(sparse.values?.name ?? "")}`;
  if (sparse.values) yield { tensor: sparse.values, role: "sparse-values", place };
  if (sparse.indices) yield { tensor: sparse.indices, role: "sparse-indices", place };
}
