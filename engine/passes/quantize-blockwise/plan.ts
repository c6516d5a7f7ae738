import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeName, dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { type Constant, findConstant } from "../constants.ts";
import { isQuantizedOp, isStandard } from "../domains.ts";
import { foldConstant } from "../fold.ts";
import { gemmReason, leftOut, type Selection } from "../quantization/nodes.ts";
import type { QuantizeBlockwiseOptions } from "../quantize.blockwise.schema.ts";
import { blockCount, type Format } from "./blocks.ts";

/** How one node will be quantised. */
export interface Plan {
  readonly kind: "matmul" | "gather";
  readonly node: Node;
  readonly scope: Scope;
  /** `transposed`: the node multiplies by the stored matrix transposed. */
  readonly weight: Constant;
}

/** A plan, or a reason why a node that was asked for stays as it is; nothing where it is not this technique's business. */
export type Verdict = Plan | EngineRemark | undefined;

/** Decides about one node. */
export function planNode(
  index: ModelIndex,
  scope: Scope,
  node: Node,
  selection: Selection,
  options: QuantizeBlockwiseOptions,
): Verdict {
  if (!isStandard(node) || !selection.types.has(node.opType)) return undefined;
  const verdict = node.opType === "Gather" ? planGather(index, scope, node) : planMatMul(index, scope, node);
  if (verdict === undefined || isRemark(verdict)) return verdict;
  return leftOut(node, selection) ?? costReason(verdict, options) ?? verdict;
}

function isFloat(tensor: Tensor): boolean {
  return tensor.dataType === dtypes.float32.code || tensor.dataType === dtypes.float16.code;
}

function planMatMul(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const gemm = node.opType === "Gemm";
  const reason = gemm ? gemmReason(node) : undefined;
  if (reason !== undefined) return reason;
  const name = node.input[1] ?? "";
  const weight = foldConstant(index, scope, name);
  const other = findConstant(index, scope, node.input[0] ?? "");
  if (weight === undefined) {
    if (other !== undefined && isFloat(other.tensor)) return say("quantization.leftOperand");
    const producer = index.resolve(scope, name)?.producer;
    if (producer !== undefined && isQuantizedOp(producer)) return say("quantization.weightQuantized");
    return say("quantization.bothComputed");
  }
  const { tensor } = weight;
  if (!isFloat(tensor)) return say("quantization.notFloat", { type: dtypeName(tensor.dataType) });
  if (tensor.dims.length !== 2) return say("quantization.not2Dimensions", { count: tensor.dims.length });
  if (elementCount(tensor.dims) === 0) return say("quantization.emptyWeight");
  if (other !== undefined) return say("quantization.bothConstant");
  const transB = gemm && (smallIntAttribute(node, "transB") ?? 0) !== 0;
  return { kind: "matmul", node, scope, weight: { ...weight, transposed: weight.transposed !== transB } };
}

function planGather(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const weight = findConstant(index, scope, node.input[0] ?? "");
  // Gather serves shape arithmetic far more often than embeddings: what is no table of floats is not mentioned.
  if (weight === undefined || !isFloat(weight.tensor)) return undefined;
  const { dims } = weight.tensor;
  if (weight.transposed) return say("quantization.transposedTable");
  if (dims.length < 2) return say("quantization.plainTable");
  if (elementCount(dims) === 0) return say("quantization.emptyTable");
  const axis = smallIntAttribute(node, "axis") ?? 0;
  if (axis !== 0 && axis !== -dims.length) return say("quantize-blockwise.otherAxis");
  return { kind: "gather", node, scope, weight };
}

/** K and N of a matrix as the node multiplies by it. */
export function matrixShape({ tensor, transposed }: Constant): { rows: number; columns: number } {
  const [first = 0, second = 0] = tensor.dims;
  return transposed ? { rows: second, columns: first } : { rows: first, columns: second };
}

/** Lines of a plan's weight along which the blocks lie, and their length. */
export function linesOf({ kind, weight }: Pick<Plan, "kind" | "weight">): { lines: number; length: number } {
  if (kind === "matmul") {
    const { rows, columns } = matrixShape(weight);
    return { lines: columns, length: rows };
  }
  const length = weight.tensor.dims.at(-1) ?? 1;
  return { lines: elementCount(weight.tensor.dims) / length, length };
}

/** Type of a weight's scales: its own. */
export function scaleTypeOf({ tensor }: Constant): Format["scaleType"] {
  return dtypeOfCode(tensor.dataType) === "float16" ? "float16" : "float32";
}

const fewestInLine = 16;

/** Why quantising would not make a weight smaller, or undefined where it does. */
function costReason(plan: Plan, options: QuantizeBlockwiseOptions): EngineRemark | undefined {
  const { lines, length } = linesOf(plan);
  const { bits, block_size: blockSize } = options;
  const isTable = plan.kind === "gather";
  if (lines * length < blockSize) return say("quantize-blockwise.belowBlock", { size: blockSize });
  if (length < fewestInLine)
    return say(isTable ? "quantize-blockwise.shortRows" : "quantize-blockwise.shortColumns", { length });
  if (isTable && bits === 4 && length % 2 === 1) return say("quantize-blockwise.oddRows", { length });
  const perLine = blockCount(length, blockSize);
  const stored = plan.kind === "matmul" ? perLine * blockSize : length;
  const scaleBytes = scaleTypeOf(plan.weight) === "float16" ? 2 : 4;
  const zeroPointBytes = options.symmetric ? 0 : Math.ceil((perLine * bits) / 8);
  const bytes = lines * (Math.ceil((stored * bits) / 8) + perLine * scaleBytes + zeroPointBytes);
  const before = lines * length * scaleBytes;
  if (bytes < before) return undefined;
  const grows = isTable ? "quantize-blockwise.rowsGrow" : "quantize-blockwise.columnsGrow";
  return say(grows, { before, bytes, length, size: blockSize });
}
