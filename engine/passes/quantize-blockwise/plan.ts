import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeName, dtypeOfCode, dtypes } from "#engine/onnx/dtypes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
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

/** A plan, or a reason why a node that was asked for stays as it is; "" where it is not this technique's business. */
export type Verdict = Plan | string;

/** Decides about one node. */
export function planNode(
  index: ModelIndex,
  scope: Scope,
  node: Node,
  selection: Selection,
  options: QuantizeBlockwiseOptions,
): Verdict {
  if (!isStandard(node) || !selection.types.has(node.opType)) return "";
  const verdict = node.opType === "Gather" ? planGather(index, scope, node) : planMatMul(index, scope, node);
  if (typeof verdict === "string") return verdict;
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
    if (other !== undefined && isFloat(other.tensor))
      return "its weight is the left operand, and only the right one can be quantised";
    const producer = index.resolve(scope, name)?.producer;
    if (producer !== undefined && isQuantizedOp(producer)) return "its weight is quantised already";
    return "both operands are computed while the model runs";
  }
  const { tensor } = weight;
  if (!isFloat(tensor)) return `its weight is ${dtypeName(tensor.dataType)}, neither float32 nor float16`;
  if (tensor.dims.length !== 2) return `its weight has ${tensor.dims.length} dimensions, not 2`;
  if (elementCount(tensor.dims) === 0) return "its weight is empty";
  if (other !== undefined) return "both operands are constant";
  const transB = gemm && (smallIntAttribute(node, "transB") ?? 0) !== 0;
  return { kind: "matmul", node, scope, weight: { ...weight, transposed: weight.transposed !== transB } };
}

function planGather(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const weight = findConstant(index, scope, node.input[0] ?? "");
  // Gather serves shape arithmetic far more often than embeddings: what is no table of floats is not mentioned.
  if (weight === undefined || !isFloat(weight.tensor)) return "";
  const { dims } = weight.tensor;
  if (weight.transposed) return "its table is transposed";
  if (dims.length < 2) return "its table is a list of numbers, not of vectors";
  if (elementCount(dims) === 0) return "its table is empty";
  const axis = smallIntAttribute(node, "axis") ?? 0;
  if (axis !== 0 && axis !== -dims.length) return "it does not gather along the first axis";
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
function costReason(plan: Plan, options: QuantizeBlockwiseOptions): string | undefined {
  const { lines, length } = linesOf(plan);
  const { bits, block_size: blockSize } = options;
  const what = plan.kind === "gather" ? "rows" : "columns";
  if (lines * length < blockSize) return `its weight is smaller than one block of ${blockSize}`;
  if (length < fewestInLine) return `its ${what} have ${length} elements, too few for a scale of their own`;
  if (plan.kind === "gather" && bits === 4 && length % 2 === 1)
    return `its rows have ${length} elements: rows of 4-bit numbers are packed in pairs`;
  const perLine = blockCount(length, blockSize);
  const stored = plan.kind === "matmul" ? perLine * blockSize : length;
  const scaleBytes = scaleTypeOf(plan.weight) === "float16" ? 2 : 4;
  const zeroPointBytes = options.symmetric ? 0 : Math.ceil((perLine * bits) / 8);
  const bytes = lines * (Math.ceil((stored * bits) / 8) + perLine * scaleBytes + zeroPointBytes);
  const before = lines * length * scaleBytes;
  if (bytes < before) return undefined;
  return `it would grow from ${before} to ${bytes} bytes: its ${what} of ${length} are filled up to blocks of ${blockSize}`;
}
