import { dtypes } from "#engine/onnx/dtypes.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import type { ModelIndex } from "../graph/index.ts";
import type { QuantizationKind } from "../inspect.schema.ts";

const dynamicOps = [
  "DynamicQuantizeLinear",
  "MatMulInteger",
  "ConvInteger",
  "DynamicQuantizeMatMul",
  "DynamicQuantizeLSTM",
];
const staticOps = ["QLinearConv", "QLinearMatMul", "QGemm", "QLinearAdd"];

/** How the model is quantised, recognised from its operators and the types of its weights. */
export function quantizationKind(
  index: ModelIndex,
  operators: Readonly<Record<string, number>>,
): QuantizationKind {
  const has = (op: string) => (operators[op] ?? 0) > 0;
  if (has("MatMulNBits")) return "weights-nbits";
  if (staticOps.some(has)) return "static-qoperator";
  if (has("QuantizeLinear") && has("DequantizeLinear")) return "static-qdq";
  if (dynamicOps.some(has)) return "dynamic";
  if (has("DequantizeLinear")) return "weights-qdq";
  return floatKind(index);
}

/** By elements: which float type most of the weights have. */
function floatKind(index: ModelIndex): "none" | "float16" | "bfloat16" {
  const counts = new Map<number, number>();
  for (const scope of index.scopes) {
    for (const { initializer } of index.values(scope).values()) {
      if (initializer === undefined) continue;
      const { dataType } = initializer;
      counts.set(dataType, (counts.get(dataType) ?? 0) + elementCount(initializer.dims));
    }
  }
  const of = (code: number) => counts.get(code) ?? 0;
  const [full, half, brain] = [of(dtypes.float32.code), of(dtypes.float16.code), of(dtypes.bfloat16.code)];
  if (half > full && half >= brain) return "float16";
  return brain > full ? "bfloat16" : "none";
}
