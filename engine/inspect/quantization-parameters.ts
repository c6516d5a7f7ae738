import { own } from "#engine/own.ts";
import type { ModelIndex, Use, Value } from "../graph/index.ts";

/** A span of positions in a node's inputs, both ends included. */
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** [X, x_scale, x_zero_point, y_scale, y_zero_point] of ONNX Runtime's quantised unary operators. */
const unary = span(1, 4);
/** [A, a_scale, a_zero_point, B, b_scale, b_zero_point, y_scale, y_zero_point]. */
const binary = [1, 2, 4, 5, 6, 7];

/** Inputs that hold scales and zero points, by the operators' definitions in ONNX and com.microsoft. */
const positions: Readonly<Record<string, readonly number[]>> = {
  QuantizeLinear: [1, 2],
  DequantizeLinear: [1, 2],
  MatMulInteger: [2, 3],
  ConvInteger: [2, 3],
  QLinearMatMul: binary,
  QLinearConv: binary,
  QLinearAdd: binary,
  QLinearMul: binary,
  QGemm: [1, 2, 4, 5, 7, 8],
  QLinearWhere: [2, 3, 5, 6, 7, 8],
  QLinearLeakyRelu: unary,
  QLinearSigmoid: unary,
  QLinearSoftmax: unary,
  QLinearAveragePool: unary,
  QLinearGlobalAveragePool: unary,
  QLinearReduceMean: unary,
  DynamicQuantizeMatMul: [2, 3],
  MatMulIntegerToFloat: span(2, 5),
  DynamicQuantizeLSTM: span(8, 11),
  QAttention: [3, 4, 6, 7],
  QEmbedLayerNormalization: span(8, 17),
  MatMulNBits: [2, 3],
  GatherBlockQuantized: [2, 3],
};

function isParameterUse({ node, position }: Use): boolean {
  // [y_scale, y_zero_point, then of each input: x, x_scale, x_zero_point].
  if (node.opType === "QLinearConcat") return position < 2 || (position - 2) % 3 !== 0;
  return own(positions, node.opType)?.includes(position) ?? false;
}

/**
 * True where a stored value only says how quantised numbers are to be read: every node that reads it does so as a scale
 * or zero point, or multiplies it with the scale of a DynamicQuantizeLinear or with the result of a MatMulInteger or
 * ConvInteger, which is how dynamic quantisation applies a weight's scale.
 */
export function isQuantizationParameter(value: Value, index: ModelIndex): boolean {
  if (value.uses.length === 0 || value.isOutput || value.outputOf.length > 0) return false;
  return value.uses.every((use) => isParameterUse(use) || isScaling(use, index));
}

function isScaling({ node, position, scope }: Use, index: ModelIndex): boolean {
  if (node.opType !== "Mul") return false;
  let other = index.resolve(scope, node.input[1 - position] ?? "");
  if (other?.producer?.opType === "Cast") other = index.resolve(other.scope, other.producer.input[0] ?? "");
  const maker = other?.producer?.opType;
  return (
    maker === "MatMulInteger" ||
    maker === "ConvInteger" ||
    (maker === "DynamicQuantizeLinear" && other?.position === 1)
  );
}
