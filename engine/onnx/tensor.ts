import { EngineError } from "#engine/error.ts";
import { type DType, dtypeName, dtypeOfCode, dtypes, rawBytes } from "./dtypes.ts";
import { bytesOf } from "./lazy.ts";
import { unpackBits } from "./lowbit.ts";
import type { Tensor } from "./model.ts";
import { quote } from "./quote.ts";

/** What `readTensor` gives: 16-bit floats and 8-bit floats as bit patterns, sub-byte integers one per element. */
export type TensorValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Number of elements; 1 for a scalar. Throws where a dimension is negative or the product leaves 2^53. */
export function elementCount(dims: readonly number[], place?: string): number {
  let count = 1;
  for (const dim of dims) {
    if (!Number.isSafeInteger(dim) || dim < 0) {
      throw new EngineError("malformed", `Impossible dimension ${dim} in ${shapeText(dims)}`, place);
    }
    count *= dim;
  }
  if (!Number.isSafeInteger(count)) {
    throw new EngineError("malformed", `Impossible shape ${shapeText(dims)}`, place);
  }
  return count;
}

/** For messages: at most 16 dimensions of a shape. */
export function shapeText(dims: readonly (number | string)[]): string {
  return `[${dims.slice(0, 16).join(", ")}${dims.length > 16 ? ", …" : ""}]`;
}

export function tensorPlace(tensor: Tensor): string {
  return tensor.name ? `tensor ${quote(tensor.name)}` : "an unnamed tensor";
}

/** The tensor's element type; throws "unsupported" for a code this engine does not know. */
export function tensorDType(tensor: Tensor): DType {
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined) {
    throw new EngineError(
      "unsupported",
      `Element ${dtypeName(tensor.dataType)} is not known`,
      tensorPlace(tensor),
    );
  }
  return dtype;
}

export function isExternal(tensor: Tensor): boolean {
  return tensor.dataLocation === 1;
}

/** Bytes of the tensor's values in raw form (strings: their UTF-8 bytes), from shape and type alone. */
export function tensorBytes(tensor: Tensor): number {
  const dtype = tensorDType(tensor);
  if (dtype === "string") return (tensor.stringData ?? []).reduce((sum, bytes) => sum + bytes.length, 0);
  return rawBytes(dtype, elementCount(tensor.dims, tensorPlace(tensor)));
}

/**
 * The values, whichever field stores them. float16 and bfloat16 come as bit patterns in a Uint16Array, the 8-bit
 * floats as a Uint8Array, complex numbers as interleaved pairs, bool as a Uint8Array of 0 and 1, 2- and 4-bit
 * types unpacked to one element each (int4 → Int8Array, uint4 and float4 → Uint8Array).
 * The result may be a view into the file: copy it before writing into it. Lazy bytes are read anew each time.
 *
 * @throws EngineError where the stored length does not match the shape, for strings, and for external data that
 * has not been loaded (see `external.ts`)
 */
export function readTensor(tensor: Tensor): TensorValues {
  const dtype = tensorDType(tensor);
  const place = tensorPlace(tensor);
  const count = elementCount(tensor.dims, place);
  if (dtype === "string") {
    throw new EngineError("unsupported", "A string tensor has no numeric values", place);
  }
  if (tensor.segment !== undefined) {
    throw new EngineError("unsupported", "Tensors stored in segments are not supported", place);
  }
  if (isExternal(tensor) && tensor.rawData === undefined) {
    throw new EngineError("unsupported", "Its external data has not been loaded", place);
  }
  if (tensor.rawData !== undefined) return readRaw(dtype, bytesOf(tensor.rawData), count, place);
  return readTyped(tensor, dtype, count, place);
}

function mismatch(place: string, dims: readonly number[], expected: number, found: number, unit: string) {
  return new EngineError(
    "malformed",
    `Shape ${shapeText(dims)} needs ${expected} ${unit}, the file has ${found}`,
    place,
  );
}

/** An aligned view where possible, else a copy: typed arrays cannot start at an odd offset. */
function aligned(bytes: Uint8Array, size: number): ArrayBuffer {
  const buffer = bytes.buffer;
  if (buffer instanceof ArrayBuffer && bytes.byteOffset % size === 0) return buffer;
  return new Uint8Array(bytes).buffer;
}

function readRaw(dtype: DType, raw: Uint8Array, count: number, place: string): TensorValues {
  const expected = rawBytes(dtype, count);
  if (raw.length !== expected) {
    throw new EngineError(
      "malformed",
      `${count} elements of ${dtype} need ${expected} bytes, the file has ${raw.length}`,
      place,
    );
  }
  const { bits } = dtypes[dtype];
  if (bits < 8) return unpackBits(raw, bits === 4 ? 4 : 2, count, dtypes[dtype].kind === "int");
  const size = Math.min(8, bits / 8) as 1 | 2 | 4 | 8;
  const width = dtype === "complex64" ? 4 : size;
  const buffer = aligned(raw, width);
  const offset = buffer === raw.buffer ? raw.byteOffset : 0;
  const length = raw.length / width;
  switch (dtype) {
    case "float32":
    case "complex64":
      return new Float32Array(buffer, offset, length);
    case "float64":
    case "complex128":
      return new Float64Array(buffer, offset, length);
    case "int8":
      return new Int8Array(buffer, offset, length);
    case "int16":
      return new Int16Array(buffer, offset, length);
    case "int32":
      return new Int32Array(buffer, offset, length);
    case "int64":
      return new BigInt64Array(buffer, offset, length);
    case "uint32":
      return new Uint32Array(buffer, offset, length);
    case "uint64":
      return new BigUint64Array(buffer, offset, length);
    case "uint16":
    case "float16":
    case "bfloat16":
      return new Uint16Array(buffer, offset, length);
    default:
      return new Uint8Array(buffer, offset, length);
  }
}

function readTyped(tensor: Tensor, dtype: DType, count: number, place: string): TensorValues {
  const check = <T extends { length: number }>(values: T | undefined, empty: T, perElement = 1): T => {
    const found = values ?? empty;
    if (found.length !== count * perElement) {
      throw mismatch(place, tensor.dims, count * perElement, found.length, "values");
    }
    return found;
  };
  switch (dtype) {
    case "float32":
      return check(tensor.floatData, new Float32Array());
    case "complex64":
      return check(tensor.floatData, new Float32Array(), 2);
    case "float64":
      return check(tensor.doubleData, new Float64Array());
    case "complex128":
      return check(tensor.doubleData, new Float64Array(), 2);
    case "int64":
      return check(tensor.int64Data, new BigInt64Array());
    case "uint64":
      return check(tensor.uint64Data, new BigUint64Array());
    case "uint32":
      return Uint32Array.from(check(tensor.uint64Data, new BigUint64Array()), Number);
    case "int32":
      return check(tensor.int32Data, new Int32Array());
    default:
      return readInt32Data(tensor.int32Data ?? new Int32Array(), dtype, count, place);
  }
}

/** int32_data holds one element per entry, except the sub-byte types: there an entry is one packed byte. */
function readInt32Data(data: Int32Array, dtype: DType, count: number, place: string): TensorValues {
  const { bits, kind } = dtypes[dtype];
  const entries = bits < 8 ? rawBytes(dtype, count) : count;
  if (data.length !== entries) {
    throw new EngineError(
      "malformed",
      `${count} elements of ${dtype} need ${entries} values, the file has ${data.length}`,
      place,
    );
  }
  if (bits < 8) return unpackBits(Uint8Array.from(data), bits === 4 ? 4 : 2, count, kind === "int");
  if (dtype === "int8") return Int8Array.from(data);
  if (dtype === "int16") return Int16Array.from(data);
  return bits === 16 ? Uint16Array.from(data) : Uint8Array.from(data);
}
