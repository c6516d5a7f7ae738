import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import type { Graph, Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { isFloat32 } from "../constants.ts";

/** Inputs that hold the weight of an operator: these make the file smaller. */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  Conv: [1],
  ConvTranspose: [1],
  Gemm: [1],
  MatMul: [0, 1],
  Gather: [0],
  GatherElements: [0],
};

export function hasWeightInput({ opType }: Node): boolean {
  return own(weightInputs, opType) !== undefined;
}

/** Names of the float32 initialisers that are a weight of this node, which stands in that scope. */
export function weightsOf(index: ModelIndex, scope: Scope, node: Node): string[] {
  return (own(weightInputs, node.opType) ?? [])
    .map((position) => node.input[position] ?? "")
    .filter((name) => {
      const tensor = name === "" ? undefined : index.resolve(scope, name)?.initializer;
      return tensor !== undefined && isFloat32(tensor);
    });
}

/** Weights of a node of a graph. */
export interface Source {
  readonly graph: Graph;
  readonly names: readonly string[];
}

/** The weights of nodes that have some. */
export function weightsByNode(index: ModelIndex, nodes: ReadonlySet<Node>): Map<Node, Source> {
  const found = new Map<Node, Source>();
  for (const scope of index.scopes) {
    for (const node of scope.graph?.node ?? []) {
      const names = nodes.has(node) ? weightsOf(index, scope, node) : [];
      if (scope.graph !== undefined && names.length > 0) found.set(node, { graph: scope.graph, names });
    }
  }
  return found;
}
