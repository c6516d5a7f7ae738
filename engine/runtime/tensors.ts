import { EngineError } from "#engine/error.ts";
import type { DataType, HostTensor, NumericData } from "../evaluate/tensors/tensor.ts";
import { Tensor } from "./onnxruntime.ts";

/** The element types that this engine and ONNX Runtime's Node binding share have the same names. */
export function asDataType(type: string, place: string): DataType {
  switch (type) {
    case "float32":
    case "float16":
    case "float64":
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
    case "int64":
    case "uint64":
    case "bool":
    case "string":
      return type;
    default:
      throw new EngineError(
        "unsupported",
        `The element type ${type} cannot be passed to ONNX Runtime`,
        place,
      );
  }
}

/**
 * ONNX Runtime's JavaScript half holds float16 in a Float16Array where the platform has one, which its native half
 * does not know: it sees an empty buffer ("not enough space: expected 2, got 0", version 1.30 on Node 24). The
 * choice is made once, at the first tensor, so the first tensor is made while the class is out of sight; from then
 * on float16 travels as bit patterns in a Uint16Array.
 */
function keepFloat16AsBitPatterns(): void {
  const known = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  if (known === undefined) return;
  Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    new Tensor("float32", new Float32Array(1), [1]);
  } finally {
    Object.defineProperty(globalThis, "Float16Array", known);
  }
}

keepFloat16AsBitPatterns();

/** Hands a tensor to ONNX Runtime without copying. */
export function toRuntime(tensor: HostTensor): Tensor {
  const { data, dims, dtype } = tensor;
  if (!ArrayBuffer.isView(data)) return new Tensor("string", [...data], dims);
  return new Tensor(dtype, data, dims);
}

/** Takes a result from ONNX Runtime; the data stay its own memory, valid for as long as they are referenced. */
export function fromRuntime(tensor: Tensor, place: string): HostTensor {
  const dtype = asDataType(tensor.type, place);
  const { data, dims } = tensor;
  if (Array.isArray(data)) return { dtype, dims, data: data.map(String) };
  const values: NumericData =
    dtype === "float16" ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { dtype, dims, data: values };
}
