import { EngineError } from "#engine/error.ts";
import { type DType, dtypes, rawBytes } from "./dtypes.ts";
import { fromBfloat16, fromFloat16 } from "./floats.ts";
import { packBits } from "./lowbit.ts";
import type { Tensor } from "./model.ts";
import { quote } from "./quote.ts";
import {
  elementCount,
  readTensor,
  shapeText,
  type TensorValues,
  tensorDType,
  tensorPlace,
} from "./tensor.ts";

/**
 * A tensor that stores `values` as raw_data without copying them (sub-byte types are packed). Values follow the
 * conventions of `readTensor`: bit patterns for 16- and 8-bit floats, one entry per sub-byte element.
 *
 * @throws EngineError where the number of values does not match `dims`
 */
export function makeTensor(name: string, dtype: DType, dims: number[], values: TensorValues): Tensor {
  const { bits } = dtypes[dtype];
  const place = `tensor ${quote(name)}`;
  const count = elementCount(dims, place);
  const raw = bits === 4 || bits === 2 ? packBits(Array.from(values, Number), bits) : byteView(values);
  if (dtype === "string" || raw.length !== rawBytes(dtype, count) || (bits < 8 && values.length !== count)) {
    throw new EngineError(
      "malformed",
      `${values.length} values (${values.byteLength} bytes) do not make a ${dtype} tensor of shape ${shapeText(dims)}`,
      place,
    );
  }
  return { dims, dataType: dtypes[dtype].code, name, rawData: raw };
}

/** The bytes of a typed array, not copied. */
export function byteView<Buffer extends ArrayBufferLike>(
  values: ArrayBufferView<Buffer>,
): Uint8Array<Buffer> {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Replaces the values of a tensor in place (type and shape too), whatever field held them before. */
export function setTensor(tensor: Tensor, dtype: DType, dims: number[], values: TensorValues): void {
  const fresh = makeTensor(tensor.name ?? "", dtype, dims, values);
  tensor.dims = fresh.dims;
  tensor.dataType = fresh.dataType;
  tensor.rawData = fresh.rawData;
  for (const field of [
    "floatData",
    "int32Data",
    "int64Data",
    "doubleData",
    "uint64Data",
    "stringData",
    "externalData",
    "dataLocation",
  ] as const) {
    delete tensor[field];
  }
}

/** The values of a floating-point tensor as float32 (a view where it is float32 already; float64 is rounded). */
export function readFloats(tensor: Tensor): Float32Array {
  const values = readTensor(tensor);
  const dtype = tensorDType(tensor);
  if (values instanceof Float32Array && dtype === "float32") return values;
  if (values instanceof Float64Array && dtype === "float64") return Float32Array.from(values);
  if (values instanceof Uint16Array && dtype === "float16") return fromFloat16(values);
  if (values instanceof Uint16Array && dtype === "bfloat16") return fromBfloat16(values);
  throw new EngineError(
    "unsupported",
    `${dtype} is not a floating-point type of 16 bits or more`,
    tensorPlace(tensor),
  );
}
