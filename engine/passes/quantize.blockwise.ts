import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isQuantizedOp, microsoftDomain } from "./domains.ts";
import { detachInitializersFromInputs, importDomain } from "./initializers.ts";
import {
  type AsyncPass,
  type Change,
  notApplicable,
  type PassResult,
  reportName,
  type Skip,
} from "./pass.ts";
import { planNodes, selectionOf } from "./quantization/nodes.ts";
import type { QuantizeBlockwiseOptions } from "./quantize.blockwise.schema.ts";
import { type Blocks, blockCount } from "./quantize-blockwise/blocks.ts";
import { emit, type Names } from "./quantize-blockwise/emit.ts";
import { type Plan, planNode } from "./quantize-blockwise/plan.ts";
import { quantizeWeights } from "./quantize-blockwise/quantize.ts";
import { groupWeights, type StoredWeight, storeBlocks, type Weight } from "./quantize-blockwise/store.ts";
import { dropStaleTypes, removeUnused } from "./unused.ts";

/** Since then Reshape takes its shape as an input. */
const reshapeOpset = 5;

/**
 * Weight-only quantisation in blocks, for the kernels MatMulNBits and GatherBlockQuantized of ONNX Runtime: weights
 * become 4- or 8-bit integers with a scale for every block, activations stay float. Graph, names and bytes of MatMul
 * equal those of ONNX Runtime 1.27's `MatMulNBitsQuantizer`. Beyond it: Gemm; weights behind Constant, Identity and
 * Transpose nodes; one copy for a table that is tied to the output layer; tables as uint8, which needs no newer opset.
 */
export const quantizeBlockwise: AsyncPass<QuantizeBlockwiseOptions> = async (model, options, context) => {
  const skipped: Skip[] = [];
  const before = planModel(indexModel(model), options, skipped);
  if (before.size === 0) return nothingToDo(model, options, skipped);
  detachInitializersFromInputs(model);
  const index = indexModel(model);
  const plans = planModel(index, options, []);
  const format = { bits: options.bits, blockSize: options.block_size, symmetric: options.symmetric };
  const opset = index.scopes[0]?.opsets.get("") ?? 1;
  const weights = groupWeights(plans.values(), format, opset >= reshapeOpset);
  const names: Names = { value: uniqueNames(model), node: uniqueNames(model) };
  const changed: Change[] = [];
  const replaced = new Map<Node, Node[]>();
  const opening = new Map<Scope, Node[]>();
  const outcomes = await quantizeWeights(model, weights, options, context);
  let hasFloatZeros = false;
  for (const weight of weights) {
    const outcome = outcomes.get(weight);
    const { scope, name } = weight.constant.value;
    if (outcome?.blocks === undefined || scope.graph === undefined) {
      const reason = say("quantize-blockwise.overflows", { name });
      for (const { node } of weight.plans) skipped.push({ name: reportName(node), reason });
      continue;
    }
    const { blocks, how } = outcome;
    hasFloatZeros ||= blocks.zeroPoints instanceof Float32Array;
    let stored = storeBlocks(weight, blocks, scope.graph, names.value, context);
    if (weight.kind === "tied") {
      const { node, matrix } = asMatrix(stored, blocks, weight, scope, names);
      opening.set(scope, [...(opening.get(scope) ?? []), node]);
      stored = { ...stored, matrix };
    }
    for (const plan of weight.plans) {
      replaced.set(plan.node, emit(plan, stored, weight.format, options.accuracy_level, names));
      changed.push({ name: reportName(plan.node), what: summary(plan, weight, blocks, how) });
    }
  }
  if (changed.length === 0) return { changed, skipped, warnings: [] };
  for (const scope of index.scopes) {
    const nodes = scope.body.node.flatMap((node) => replaced.get(node) ?? [node]);
    scope.body.node = [...(opening.get(scope) ?? []), ...nodes];
  }
  const warnings = finish(model, weights, replaced);
  if (hasFloatZeros) warnings.push(say("quantize-blockwise.floatZeros"));
  return { changed, skipped, warnings };
};

function planModel(index: ModelIndex, options: QuantizeBlockwiseOptions, skipped: Skip[]): Map<Node, Plan> {
  const selection = selectionOf(options);
  return planNodes(index, skipped, (scope, node) => planNode(index, scope, node, selection, options));
}

function nothingToDo(model: Model, options: QuantizeBlockwiseOptions, skipped: readonly Skip[]): PassResult {
  const quantized = indexModel(model).scopes.some((scope) => scope.body.node.some(isQuantizedOp));
  if (quantized) return notApplicable(say("common.alreadyQuantized"), skipped);
  if (skipped.length > 0) return { changed: [], skipped: [...skipped], warnings: [] };
  return notApplicable(say("quantization.noFloatNode", { ops: options.op_types }));
}

/** A tied table is stored as a table; a Reshape, which the runtime folds when it loads the model, makes the matrix. */
function asMatrix(
  stored: StoredWeight,
  { lines, length }: Blocks,
  { format }: Weight,
  scope: Scope,
  names: Names,
) {
  const dims = [lines, blockCount(length, format.blockSize), (format.blockSize * format.bits) / 8];
  const shape = names.value(`${stored.table}_shape`);
  const matrix = names.value(`${stored.table}_blocks`);
  scope.graph?.initializer.push(makeTensor(shape, "int64", [3], BigInt64Array.from(dims, BigInt)));
  const node = makeNode("Reshape", [stored.table, shape], [matrix], { name: names.node(matrix) });
  return { node, matrix };
}

function summary({ node }: Plan, { constant, format }: Weight, { zeroPoints }: Blocks, how: EngineRemark) {
  const { bits, blockSize: size, scaleType: from } = format;
  const zero = zeroPoints === undefined ? "symmetric" : "withZeroPoints";
  const values = { op: node.opType, weight: constant.value.name, from, to: `int${bits}`, size, how };
  return say(`quantize-blockwise.${zero}`, values);
}

function finish(
  model: Model,
  weights: readonly Weight[],
  replaced: ReadonlyMap<Node, Node[]>,
): EngineRemark[] {
  const released = new Set<string>();
  for (const node of replaced.keys()) released.add(node.input[node.opType === "Gather" ? 0 : 1] ?? "");
  const dropped = removeUnused(model, released);
  dropStaleTypes(model);
  importDomain(model, microsoftDomain, 1);
  const warnings: EngineRemark[] = [];
  if (dropped.length > 0) warnings.push(say("common.defaultsGone", { names: dropped.slice(0, 10) }));
  const index = indexModel(model);
  const kept = new Set<string>();
  for (const { constant, plans } of weights) {
    const { name, scope } = constant.value;
    const left = index.scopeOf(scope.body);
    const done = plans.some(({ node }) => replaced.has(node));
    if (done && left !== undefined && index.values(left).has(name)) kept.add(name);
  }
  if (kept.size > 0) {
    warnings.push(say("quantize-blockwise.floatsStay", { names: [...kept].slice(0, 10) }));
  }
  return warnings;
}
