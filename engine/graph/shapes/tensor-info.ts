import { EngineError } from "#engine/error.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Tensor, Type } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { info, maxValues, type TensorInfo, withValues } from "./info.ts";

/** Type and shape of a constant tensor, with its contents where they are few numbers. */
export function tensorInfo(tensor: Tensor): TensorInfo;
export function tensorInfo(tensor: Tensor | undefined): TensorInfo | undefined;
export function tensorInfo(tensor: Tensor | undefined): TensorInfo | undefined {
  if (tensor === undefined) return undefined;
  const count = tensor.dims.reduce((a, b) => a * b, 1);
  if (count > maxValues) return info(tensor.dataType, tensor.dims);
  return withValues(tensor.dataType, tensor.dims, smallValues(tensor));
}

function smallValues(tensor: Tensor): number[] | undefined {
  const floats = new Set<number>([
    dtypes.float32.code,
    dtypes.float64.code,
    dtypes.float16.code,
    dtypes.bfloat16.code,
  ]);
  try {
    if (floats.has(tensor.dataType)) return Array.from(readFloats(tensor));
    return Array.from(readTensor(tensor), Number);
  } catch (error) {
    // Strings and faulty tensors have no contents here; validation reports the latter.
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** What a declaration says; undefined for sequences, maps and other types that are no tensors. */
export function declaredInfo(type: Type | undefined): TensorInfo | undefined {
  const tensor = type?.tensorType;
  if (tensor === undefined) return undefined;
  const dims = tensor.shape?.dim.map(({ dimValue, dimParam }) => {
    // Some exporters write −1 where they mean "any".
    if (dimValue !== undefined) return dimValue >= 0 ? dimValue : undefined;
    return dimParam || undefined;
  });
  return info(tensor.elemType || undefined, dims);
}
