import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { findAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeName } from "#engine/onnx/dtypes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type Constant, findConstant, isFloat32 } from "../constants.ts";
import { isQuantizedOp, isStandard, microsoftDomain } from "../domains.ts";
import { foldConstant } from "../fold.ts";
import { gemmReason, leftOut, type Selection } from "../quantization/nodes.ts";

/** How one node will be quantised. */
export type Plan =
  | { readonly kind: "matmul"; readonly node: Node; readonly weight: Constant; readonly gemm: boolean }
  | { readonly kind: "gather"; readonly node: Node; readonly weight: Constant }
  | { readonly kind: "lstm"; readonly node: Node; readonly weights: readonly [Constant, Constant] }
  | { readonly kind: "conv"; readonly node: Node; readonly weight: Constant }
  | { readonly kind: "attention"; readonly node: Node; readonly weight: Constant }
  | { readonly kind: "transpose"; readonly node: Node };

/** A reason why a node that was asked for stays as it is; empty where it is none of this technique's business. */
export type Verdict = Plan | string;

export const convReason =
  "ConvInteger is slower than the float32 Conv; static quantisation is the technique for convolutions";

/** A node is meant by its name; a Gemm also by the name that its MatMul will have, as ONNX Runtime calls it. */
function isNamed(node: Node, names: ReadonlySet<string>): boolean {
  if (node.name === undefined) return false;
  return names.has(node.name) || (node.opType === "Gemm" && names.has(`${node.name}_MatMul`));
}

/** Decides about one node. */
export function planNode(index: ModelIndex, scope: Scope, node: Node, selection: Selection): Verdict {
  const type = node.opType;
  const ours = type === "Attention" ? node.domain === microsoftDomain : isStandard(node);
  if (!ours) return "";
  if (!selection.types.has(type)) return type === "Conv" ? convReason : "";
  const reason = leftOut(node, selection, isNamed);
  if (reason !== undefined) return reason;
  switch (type) {
    case "MatMul":
    case "Gemm":
      return planMatMul(index, scope, node);
    case "Gather":
      return planGather(index, scope, node);
    case "LSTM":
      return planLstm(index, scope, node);
    case "Conv":
      return planPlain(index, scope, node, "conv");
    case "Attention":
      return planAttention(index, scope, node);
    case "Transpose":
      return { kind: "transpose", node };
    default:
      return "";
  }
}

const computedReason = "its weight is computed while the model runs";

/** A float32 weight of the rank that is needed, or the reason why there is none. */
function weightOf(
  index: ModelIndex,
  scope: Scope,
  name: string,
  rankOk: (rank: number) => boolean,
): Constant | string {
  const found = foldConstant(index, scope, name);
  if (found === undefined) {
    const producer = index.resolve(scope, name)?.producer;
    if (producer === undefined) return `${computedReason}, it is an input`;
    if (isQuantizedOp(producer)) return "its weight is quantised already";
    return `${computedReason}, by ${producer.opType}`;
  }
  if (!isFloat32(found.tensor)) return `its weight is ${dtypeName(found.tensor.dataType)}, not float32`;
  if (!rankOk(found.tensor.dims.length)) return `its weight has ${found.tensor.dims.length} dimensions`;
  if (elementCount(found.tensor.dims) === 0) return "its weight is empty";
  return found;
}

function planMatMul(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const gemm = node.opType === "Gemm";
  const reason = gemm ? gemmReason(node) : undefined;
  if (reason !== undefined) return reason;
  const weight = weightOf(index, scope, node.input[1] ?? "", (rank) => (gemm ? rank === 2 : rank >= 2));
  if (typeof weight === "string") {
    if (!weight.startsWith(computedReason)) return weight;
    const other = findConstant(index, scope, node.input[0] ?? "");
    return other !== undefined && isFloat32(other.tensor)
      ? "its weight is the left operand, and only the right one can be quantised"
      : "both operands are computed while the model runs";
  }
  if (findConstant(index, scope, node.input[0] ?? "") !== undefined) return "both operands are constant";
  const transB = gemm && (smallIntAttribute(node, "transB") ?? 0) !== 0;
  return { kind: "matmul", node, gemm, weight: { ...weight, transposed: weight.transposed !== transB } };
}

function planGather(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const found = findConstant(index, scope, node.input[0] ?? "");
  // Gather serves shape arithmetic far more often than embeddings: what is no table of floats is not mentioned.
  if (found === undefined || !isFloat32(found.tensor)) return "";
  if (found.transposed) return "its table is transposed";
  if (found.tensor.dims.length < 2) return "its table is a list of numbers, not of vectors";
  if (elementCount(found.tensor.dims) === 0) return "its table is empty";
  return { kind: "gather", node, weight: found };
}

function planLstm(index: ModelIndex, scope: Scope, node: Node): Verdict {
  if ((smallIntAttribute(node, "layout") ?? 0) !== 0) return "LSTM with layout 1 has no quantised kernel";
  const weights = [node.input[1] ?? "", node.input[2] ?? ""].map((name) =>
    weightOf(index, scope, name, (rank) => rank === 3),
  );
  const [input, recurrent] = weights;
  if (typeof input === "string") return input;
  if (typeof recurrent === "string") return recurrent;
  if (input === undefined || recurrent === undefined) return "";
  return { kind: "lstm", node, weights: [input, recurrent] };
}

function planPlain(index: ModelIndex, scope: Scope, node: Node, kind: "conv" | "attention"): Verdict {
  const weight = weightOf(index, scope, node.input[1] ?? "", (rank) => rank >= 2);
  if (typeof weight === "string") return weight;
  if (weight.transposed) return "its weight is transposed";
  return { kind, node, weight };
}

function planAttention(index: ModelIndex, scope: Scope, node: Node): Verdict {
  if (findAttribute(node, "qkv_hidden_sizes"))
    return "Attention with qkv_hidden_sizes has no quantised kernel";
  if ((node.input[5] ?? "") !== "") return "Attention with attention_bias has no quantised kernel";
  return planPlain(index, scope, node, "attention");
}
