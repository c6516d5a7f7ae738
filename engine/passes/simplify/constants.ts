import type { Value } from "#engine/graph/index.ts";
import { findAttribute, makeNode, makeTensorAttribute, tensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypeOfCode } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor, tensorBytes } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import { reportName } from "../pass.ts";
import { type Draft, type GraphScope, outputValue, type Part, type Site, standardSites } from "./draft.ts";

/** Constant nodes become initialisers, which ONNX Runtime makes of them anyhow; outputs of a graph stay nodes. */
export const liftConstants: Part = (draft) => {
  const lifted = new Set<Node>();
  for (const site of standardSites(draft)) {
    const { node, scope } = site;
    if (node.opType !== "Constant") continue;
    const value = outputValue(site);
    if (value === undefined || value.isOutput || value.outputOf.length > 0) continue;
    const tensor = constantTensor(node);
    if (tensor === undefined) continue;
    scope.graph.initializer.push({ ...tensor, name: value.name });
    lifted.add(node);
    draft.log.changed("fold_constants", reportName(node), say("simplify.constantNode"));
  }
  removeNodes(draft, lifted);
};

export function removeNodes(draft: Draft, gone: ReadonlySet<Node>): void {
  if (gone.size === 0) return;
  for (const { graph } of draft.scopes) graph.node = graph.node.filter((node) => !gone.has(node));
}

function constantTensor(node: Node): Tensor | undefined {
  const tensor = tensorAttribute(node, "value");
  if (tensor !== undefined) return tensor;
  const [int, ints] = [findAttribute(node, "value_int"), findAttribute(node, "value_ints")];
  const [float, floats] = [findAttribute(node, "value_float"), findAttribute(node, "value_floats")];
  if (int !== undefined) return makeTensor("", "int64", [], BigInt64Array.of(int.i ?? 0n));
  if (float !== undefined) return makeTensor("", "float32", [], Float32Array.of(float.f ?? 0));
  if (ints !== undefined) {
    return makeTensor("", "int64", [ints.ints?.length ?? 0], BigInt64Array.from(ints.ints ?? []));
  }
  if (floats === undefined) return undefined;
  return makeTensor("", "float32", [floats.floats?.length ?? 0], Float32Array.from(floats.floats ?? []));
}

/** Gives a value that a node computed its constant instead. The caller removes that node. */
export function putConstant(scope: GraphScope, value: Value, tensor: Tensor): void {
  const named = { ...tensor, name: value.name };
  if (value.isOutput || value.outputOf.length > 0) {
    // A graph hands on what its nodes make. Nothing stands before a constant, so that any place will do.
    const attribute = [makeTensorAttribute("value", named)];
    scope.graph.node.unshift(
      makeNode("Constant", [], [value.name], { name: value.producer?.name, attribute }),
    );
  } else {
    scope.graph.initializer.push(named);
  }
}

/** Whether a node is the only reader of a constant. */
export function isOnlyReader(value: Value): boolean {
  return value.uses.length === 1 && !value.isOutput && value.outputOf.length === 0;
}

/**
 * Takes the right to give one input of a node a constant of its own: free where nobody else reads the old one, else
 * the copy counts as growth. To be asked before the constant is worked out, so that the bound of growth is a bound of
 * work as well.
 */
export function mayReplace(draft: Draft, value: Value, tensor: Tensor): boolean {
  return isOnlyReader(value) || draft.growth.take(tensorBytes(tensor));
}

/** Adds a constant beside the node that reads it, and lets it read it. */
export function replaceInput(site: Site, position: number, tensor: Tensor): void {
  const { draft, scope, node } = site;
  const old = node.input[position] ?? "";
  const value = old === "" ? undefined : draft.index.resolve(scope, old);
  const name = draft.name(old === "" ? `${node.output[0] ?? ""}_bias` : `${old}_folded`);
  scope.graph.initializer.push({ ...tensor, name });
  while (node.input.length <= position) node.input.push("");
  node.input[position] = name;
  if (value?.initializer === undefined || !isOnlyReader(value)) return;
  const holder = value.scope.graph;
  if (holder !== undefined && !value.isInput) {
    holder.initializer = holder.initializer.filter((other) => other !== value.initializer);
  }
}

export function isFloats(tensor: Tensor | undefined): tensor is Tensor {
  const dtype = dtypeOfCode(tensor?.dataType);
  return dtype === "float32" || dtype === "float64";
}

/** The values of a float32 or float64 tensor in float64, undefined for other types. */
export function doublesOf(tensor: Tensor | undefined): Float64Array | undefined {
  const values = isFloats(tensor) ? readTensor(tensor) : undefined;
  return values instanceof Float32Array || values instanceof Float64Array
    ? new Float64Array(values)
    : undefined;
}

/** A tensor of the same type as another, rounded from float64. */
export function roundedLike(like: Tensor, dims: readonly number[], values: Float64Array): Tensor {
  return dtypeOfCode(like.dataType) === "float64"
    ? makeTensor("", "float64", [...dims], values)
    : makeTensor("", "float32", [...dims], new Float32Array(values));
}
