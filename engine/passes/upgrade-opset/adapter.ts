import { english } from "#engine/english.ts";
import { EngineError } from "#engine/error.ts";
import type { ModelIndex } from "#engine/graph/index.ts";
import { nodePlace, type Scope } from "#engine/graph/scope.ts";
import type { Shapes } from "#engine/graph/shapes/infer.ts";
import { makeNode, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { findConstant } from "../constants.ts";
import { nodeRemark } from "../pass.ts";
import { knownType } from "./known-type.ts";

/** One node that an adapter rewrites, and what it may ask about the model around it. */
export interface AdapterCall {
  readonly node: Node;
  readonly scope: Scope;
  readonly index: ModelIndex;
  readonly shapes: Shapes;
  /** The opset version that the node must suit afterwards. */
  readonly version: number;
  name(wanted: string): string;
}

/**
 * Rewrites a node for the next opset version without changing what it computes, and gives the nodes that take its
 * place; throws through `refuse` where it cannot.
 */
export type Adapter = (call: AdapterCall) => Node[];

export function refuse(node: Node, version: number, why: EngineRemark): never {
  throw new EngineError(
    "unsupported",
    `${node.opType} cannot be carried over to opset ${version}: ${english(why)}`,
    nodePlace(node),
    { remark: say("upgrade-opset.cannot", { node: nodeRemark(node), version, why }) },
  );
}

/** A Constant node, which unlike an initialiser works in every graph of every IR version. */
export function constantNode(
  call: AdapterCall,
  suffix: string,
  make: (name: string) => Tensor,
): [Node, string] {
  const name = call.name(`${call.node.output[0] ?? ""}_${suffix}`);
  return [makeNode("Constant", [], [name], { attribute: [makeTensorAttribute("value", make(name))] }), name];
}

export function int64Constant(call: AdapterCall, suffix: string, values: readonly (number | bigint)[]) {
  return constantNode(call, suffix, (name) =>
    makeTensor(name, "int64", [values.length], BigInt64Array.from(values, BigInt)),
  );
}

export function float32Constant(call: AdapterCall, suffix: string, values: readonly number[]) {
  return constantNode(call, suffix, (name) =>
    makeTensor(name, "float32", [values.length], Float32Array.from(values)),
  );
}

/** Element type and rank of a value as far as they can be inferred. */
export function typeOf(call: AdapterCall, name: string) {
  return knownType(call.index, call.shapes, call.scope, name);
}

export function constantOf(call: AdapterCall, name: string): Tensor | undefined {
  const found = findConstant(call.index, call.scope, name);
  return found === undefined || found.transposed ? undefined : found.tensor;
}

/** Whether anything reads an output of the node. */
export function isRead(call: AdapterCall, name: string | undefined): boolean {
  if (name === undefined || name === "") return false;
  const value = call.index.resolve(call.scope, name);
  return value !== undefined && (value.uses.length > 0 || value.isOutput || value.outputOf.length > 0);
}
