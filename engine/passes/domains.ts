import type { Node } from "#engine/onnx/model.ts";

export const microsoftDomain = "com.microsoft";
/** Of operators that stand in training graphs until these are written out. */
export const trainingDomain = "parsimony.training";

/** An operator of the ONNX standard itself. */
export function isStandard(node: Node): boolean {
  return node.domain === undefined || node.domain === "" || node.domain === "ai.onnx";
}

/** Operators that only a quantised model has. */
const quantizedOps = new Set([
  "MatMulInteger",
  "ConvInteger",
  "QLinearConv",
  "QLinearMatMul",
  "QuantizeLinear",
  "DequantizeLinear",
  "DynamicQuantizeLinear",
  "DynamicQuantizeLSTM",
  "DynamicQuantizeMatMul",
  "MatMulIntegerToFloat",
  "MatMulNBits",
  "GatherBlockQuantized",
  "QAttention",
  "QGemm",
]);

export function isQuantizedOp(node: Node): boolean {
  return quantizedOps.has(node.opType);
}
