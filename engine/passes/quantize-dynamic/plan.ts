import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { findAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypeName } from "#engine/onnx/dtypes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
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

/** Or a reason why a node that was asked for stays as it is; nothing where it is none of this technique's business. */
export type Verdict = Plan | EngineRemark | undefined;

export const convReason = say("quantize-dynamic.convSlower");

/** A node is meant by its name; a Gemm also by the name that its MatMul will have, as ONNX Runtime calls it. */
function isNamed(node: Node, names: ReadonlySet<string>): boolean {
  if (node.name === undefined) return false;
  return names.has(node.name) || (node.opType === "Gemm" && names.has(`${node.name}_MatMul`));
}

/** Decides about one node. */
export function planNode(index: ModelIndex, scope: Scope, node: Node, selection: Selection): Verdict {
  const type = node.opType;
  const ours = type === "Attention" ? node.domain === microsoftDomain : isStandard(node);
  if (!ours) return undefined;
  if (!selection.types.has(type)) return type === "Conv" ? convReason : undefined;
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
      return undefined;
  }
}

/** A float32 weight of the rank that is needed, or the reason why there is none. */
function weightOf(
  index: ModelIndex,
  scope: Scope,
  name: string,
  rankOk: (rank: number) => boolean,
): Constant | EngineRemark {
  const found = foldConstant(index, scope, name);
  if (found === undefined) {
    const producer = index.resolve(scope, name)?.producer;
    if (producer === undefined) return say("quantization.isInput");
    if (isQuantizedOp(producer)) return say("quantization.weightQuantized");
    return say("quantization.computedBy", { op: producer.opType });
  }
  if (!isFloat32(found.tensor))
    return say("quantization.notFloat32", { type: dtypeName(found.tensor.dataType) });
  if (!rankOk(found.tensor.dims.length))
    return say("quantization.dimensions", { count: found.tensor.dims.length });
  if (elementCount(found.tensor.dims) === 0) return say("quantization.emptyWeight");
  return found;
}

function planMatMul(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const gemm = node.opType === "Gemm";
  const reason = gemm ? gemmReason(node) : undefined;
  if (reason !== undefined) return reason;
  const weight = weightOf(index, scope, node.input[1] ?? "", (rank) => (gemm ? rank === 2 : rank >= 2));
  if (isRemark(weight)) {
    if (weight.key !== "quantization.isInput" && weight.key !== "quantization.computedBy") return weight;
    const other = findConstant(index, scope, node.input[0] ?? "");
    return other !== undefined && isFloat32(other.tensor)
      ? say("quantization.leftOperand")
      : say("quantization.bothComputed");
  }
  if (findConstant(index, scope, node.input[0] ?? "") !== undefined) return say("quantization.bothConstant");
  const transB = gemm && (smallIntAttribute(node, "transB") ?? 0) !== 0;
  return { kind: "matmul", node, gemm, weight: { ...weight, transposed: weight.transposed !== transB } };
}

function planGather(index: ModelIndex, scope: Scope, node: Node): Verdict {
  const found = findConstant(index, scope, node.input[0] ?? "");
  // Gather serves shape arithmetic far more often than embeddings: what is no table of floats is not mentioned.
  if (found === undefined || !isFloat32(found.tensor)) return undefined;
  if (found.transposed) return say("quantization.transposedTable");
  if (found.tensor.dims.length < 2) return say("quantization.plainTable");
  if (elementCount(found.tensor.dims) === 0) return say("quantization.emptyTable");
  return { kind: "gather", node, weight: found };
}

function planLstm(index: ModelIndex, scope: Scope, node: Node): Verdict {
  if ((smallIntAttribute(node, "layout") ?? 0) !== 0) return say("quantize-dynamic.lstmLayout");
  const weights = [node.input[1] ?? "", node.input[2] ?? ""].map((name) =>
    weightOf(index, scope, name, (rank) => rank === 3),
  );
  const [input, recurrent] = weights;
  if (isRemark(input)) return input;
  if (isRemark(recurrent)) return recurrent;
  if (input === undefined || recurrent === undefined) return undefined;
  return { kind: "lstm", node, weights: [input, recurrent] };
}

function planPlain(index: ModelIndex, scope: Scope, node: Node, kind: "conv" | "attention"): Verdict {
  const weight = weightOf(index, scope, node.input[1] ?? "", (rank) => rank >= 2);
  if (isRemark(weight)) return weight;
  if (weight.transposed) return say("quantization.transposedWeight");
  return { kind, node, weight };
}

function planAttention(index: ModelIndex, scope: Scope, node: Node): Verdict {
  if (findAttribute(node, "qkv_hidden_sizes"))
    return say("quantize-dynamic.attentionWith", { what: "qkv_hidden_sizes" });
  if ((node.input[5] ?? "") !== "") return say("quantize-dynamic.attentionWith", { what: "attention_bias" });
  return planPlain(index, scope, node, "attention");
}
