import { EngineError } from "#engine/error.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { fromFloat16 } from "#engine/onnx/floats.ts";
import { bytesOf } from "#engine/onnx/lazy.ts";
import { unpackBits } from "#engine/onnx/lowbit.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { readTensor, tensorDType } from "#engine/onnx/tensor.ts";
import type { LiteTensor } from "../reader/lite-model.ts";

/**
 * A constant as an ONNX tensor. Values stay a view into the file, but for float16, which TensorFlow Lite turns into
 * float32 before it computes, and for int4, which becomes int8: processors have no kernels for either.
 */
export function constantTensor(tensor: LiteTensor, name: string): Tensor {
  const { type, data = new Uint8Array(), shape } = tensor;
  const stored: Tensor = { name, dims: [...shape], dataType: dtypes[type].code, rawData: data };
  if (type === "float16") {
    const values = readTensor(stored);
    if (values instanceof Uint16Array) return makeTensor(name, "float32", [...shape], fromFloat16(values));
  }
  if (type === "int4") {
    const values = Int8Array.from(unpackBits(data, 4, elementsOf(shape), true));
    return makeTensor(name, "int8", [...shape], values);
  }
  return stored;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/**
 * The tensor with its axes in another order: axis i of the result is axis `perm[i]` of the tensor.
 *
 * @param tensor with raw data of whole bytes per element
 */
export function transposed(tensor: Tensor, perm: readonly number[]): Tensor {
  const bytes = bytesOf(tensor.rawData ?? new Uint8Array());
  const width = dtypes[tensorDType(tensor)].bits / 8;
  const from = tensor.dims;
  const dims = perm.map((axis) => from[axis] ?? 1);
  const strides = new Array<number>(from.length).fill(1);
  for (let axis = from.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (from[axis + 1] ?? 1);
  const steps = perm.map((axis) => strides[axis] ?? 1);
  const result = new Uint8Array(bytes.length);
  const at = new Array<number>(dims.length).fill(0);
  let source = 0;
  for (let to = 0; to < result.length; to += width) {
    for (let byte = 0; byte < width; byte++) result[to + byte] = bytes[source * width + byte] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      source += steps[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (dims[axis] ?? 0)) break;
      source -= (steps[axis] ?? 0) * (dims[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return { ...tensor, dims, rawData: result };
}

/** The values of a constant of whole numbers, such as a shape or axes. */
export function wholeNumbers(tensor: LiteTensor): number[] {
  const { type, data, shape, place } = tensor;
  if (type !== "int32" && type !== "int64")
    throw new EngineError("malformed", `Whole numbers are wanted, it has ${type}`, place);
  // An empty list has no buffer.
  if (data === undefined) return [];
  if (elementsOf(shape) > 4096) throw new EngineError("limit-exceeded", "It is too long a list", place);
  return Array.from(readTensor(constantTensor(tensor, "")), Number);
}

/** Values of int8 as uint8, 128 higher. */
export function shifted(tensor: Tensor): Tensor {
  const bytes = bytesOf(tensor.rawData ?? new Uint8Array());
  return { ...tensor, dataType: dtypes.uint8.code, rawData: bytes.map((byte) => byte ^ 0x80) };
}
