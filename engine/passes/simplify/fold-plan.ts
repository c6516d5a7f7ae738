import type { Value } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import { functionKey, localFunctions } from "#engine/graph/scope.ts";
import { productOf, type TensorInfo } from "#engine/graph/shapes/info.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import { type DType, dtypeOfCode, rawBytes } from "#engine/onnx/dtypes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { tensorBytes } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { reportName } from "../pass.ts";
import { type Draft, type GraphScope, tensorOf } from "./draft.ts";
import { isComputable } from "./operators.ts";

/** Bytes of one tensor and of all tensors that may be computed: constants of real models stay far below. */
const maxTensorBytes = 2 ** 26;
const maxTotalBytes = 2 ** 28;
/** Products that a matrix multiplication or convolution may take: about a second. */
const maxProducts = 2 ** 31;
/** Nodes looked at to find what a constant replaces, over the whole model. */
const maxLookups = 200_000;

/** Types that a tensor can have on its way out of ONNX Runtime here. */
const carried = new Set<DType>(
  "float32 float16 float64 int8 uint8 int16 uint16 int32 uint32 int64 uint64 bool".split(" ") as DType[],
);
const heavy = new Set(["MatMul", "Gemm", "Conv", "ConvTranspose", "Einsum", "LSTM", "GRU", "RNN"]);

export interface FoldPlan {
  /** Values that become constants, in the order in which they are computed. */
  readonly wanted: readonly { readonly value: Value; readonly scope: GraphScope }[];
  /** Every node that depends on constants alone, with where it stands, producers first. */
  readonly nodes: ReadonlyMap<Node, GraphScope>;
  /** Those among them that stay in the graph, because their results are too large to be written out. */
  readonly kept: ReadonlySet<Node>;
}

/** Which nodes depend on constants alone, and which of their results are worth being written into the file. */
export function planFolding(draft: Draft): FoldPlan {
  const nodes = computable(draft);
  const kept = new Set<Node>();
  return { wanted: choose(draft, nodes, kept), nodes, kept };
}

function computable(draft: Draft): Map<Node, GraphScope> {
  const functions = localFunctions(draft.model);
  const nodes = new Map<Node, GraphScope>();
  let total = 0;
  for (const scope of draft.scopes) {
    for (const node of topologicalOrder(scope.body).sorted) {
      if (!isStandard(node) || !isComputable(node.opType) || subgraphs(node).length > 0) continue;
      if (functions.has(functionKey(node.domain, node.opType, node.overload))) continue;
      const constant = node.input.every((name) => {
        const value = name === "" ? undefined : draft.index.resolve(scope, name);
        if (value === undefined) return name === "";
        return tensorOf(value) !== undefined || (value.producer !== undefined && nodes.has(value.producer));
      });
      if (!constant || node.input.every((name) => name === "")) continue;
      const bytes = resultBytes(draft, scope, node);
      if (bytes === undefined || total + bytes > maxTotalBytes) {
        draft.log.skip(reportName(node), say("simplify.sizeUnknown"));
        continue;
      }
      total += bytes;
      nodes.set(node, scope);
    }
  }
  return nodes;
}

/** Bytes of all results of a node, undefined where one is not known or too much. */
function resultBytes(draft: Draft, scope: GraphScope, node: Node): number | undefined {
  let total = 0;
  for (const name of node.output) {
    if (name === "") continue;
    const bytes = infoBytes(draft.info(scope, name));
    if (bytes === undefined || bytes > maxTensorBytes) return undefined;
    total += bytes;
  }
  if (!heavy.has(node.opType)) return total;
  // Every element of the result takes at most as many products as one operand has elements.
  const operand = Math.min(...node.input.slice(0, 2).map((name) => infoBytes(draft.info(scope, name)) ?? 0));
  return total * operand > maxProducts ? undefined : total;
}

function infoBytes(info: TensorInfo | undefined): number | undefined {
  const dtype = dtypeOfCode(info?.dtype);
  const count = info?.shape === undefined ? undefined : productOf(info.shape);
  return dtype === undefined || count === undefined || !carried.has(dtype)
    ? undefined
    : rawBytes(dtype, count);
}

/** From the last node to the first: what is read from outside becomes a constant if that does not grow the file. */
function choose(draft: Draft, nodes: ReadonlyMap<Node, GraphScope>, kept: Set<Node>): FoldPlan["wanted"] {
  const wanted: { value: Value; scope: GraphScope }[] = [];
  const order = new Map([...nodes.keys()].map((node, at) => [node, at] as const));
  let lookups = 0;
  for (const [node, scope] of [...nodes].reverse()) {
    const results = node.output.flatMap((name) => draft.index.values(scope).get(name) ?? []);
    const needed = results.filter((value) => isNeeded(value, { nodes, kept }));
    if (needed.length === 0) continue;
    const before = coneOf(draft, node, nodes, maxLookups - lookups);
    lookups += before.size;
    const cone = [...before].sort((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0));
    const bytes = needed.reduce((sum, value) => sum + (infoBytes(draft.info(scope, value.name)) ?? 0), 0);
    if (draft.growth.take(bytes - replacedBytes(draft, nodes, cone))) {
      for (const value of needed) wanted.push({ value, scope });
      continue;
    }
    kept.add(node);
    draft.log.skip(reportName(node), say("simplify.growsFile", { bytes }));
  }
  return wanted.reverse();
}

/** Whether something reads the value that stays in the graph. */
export function isNeeded(value: Value, { nodes, kept }: Pick<FoldPlan, "nodes" | "kept">): boolean {
  if (value.isOutput || value.outputOf.length > 0) return true;
  return value.uses.some((use) => !nodes.has(use.node) || kept.has(use.node));
}

/** The node and all before it that depend on constants alone. */
export function coneOf(
  draft: Draft,
  node: Node,
  nodes: ReadonlyMap<Node, GraphScope>,
  limit = Number.POSITIVE_INFINITY,
): Set<Node> {
  const cone = new Set<Node>();
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined && cone.size < limit; next = waiting.pop()) {
    const scope = nodes.get(next);
    if (scope === undefined || cone.has(next)) continue;
    cone.add(next);
    for (const name of next.input) {
      const producer = draft.index.resolve(scope, name)?.producer;
      if (producer !== undefined && nodes.has(producer)) waiting.push(producer);
    }
  }
  return cone;
}

/**
 * Bytes of the constants that are no longer read when the first node's results are constants: those that only nodes
 * read whose own readers all go.
 *
 * @param cone the node first, then those before it, readers before producers
 */
function replacedBytes(draft: Draft, nodes: ReadonlyMap<Node, GraphScope>, cone: readonly Node[]): number {
  const going = new Set<Node>();
  const sources = new Set<Value>();
  for (const [at, node] of cone.entries()) {
    const scope = nodes.get(node);
    if (scope === undefined) continue;
    const results = node.output.flatMap((name) => draft.index.values(scope).get(name) ?? []);
    const goes = (value: Value) =>
      !value.isOutput && value.outputOf.length === 0 && value.uses.every((use) => going.has(use.node));
    if (at > 0 && !results.every(goes)) continue;
    going.add(node);
    for (const name of node.input) {
      const value = name === "" ? undefined : draft.index.resolve(scope, name);
      if (value?.initializer !== undefined && !value.isInput) sources.add(value);
    }
  }
  let bytes = 0;
  for (const { initializer, isOutput, outputOf, uses } of sources) {
    if (initializer === undefined || isOutput || outputOf.length > 0) continue;
    if (uses.every((use) => going.has(use.node))) bytes += tensorBytes(initializer);
  }
  return bytes;
}
