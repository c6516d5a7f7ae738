import { EngineError } from "#engine/error.ts";
import { float16Bits, float16Value } from "#engine/onnx/floats.ts";
import { type DataType, floatTypes, type HostTensor, type NumericData } from "./tensor.ts";

/** Zero-filled storage for `count` elements. */
export function allocate(dtype: Exclude<DataType, "string">, count: number): NumericData {
  switch (dtype) {
    case "float32":
      return new Float32Array(count);
    case "float64":
      return new Float64Array(count);
    case "float16":
    case "uint16":
      return new Uint16Array(count);
    case "int8":
      return new Int8Array(count);
    case "uint8":
    case "bool":
      return new Uint8Array(count);
    case "int16":
      return new Int16Array(count);
    case "int32":
      return new Int32Array(count);
    case "uint32":
      return new Uint32Array(count);
    case "int64":
      return new BigInt64Array(count);
    case "uint64":
      return new BigUint64Array(count);
  }
}

const integerRange: Partial<Record<DataType, readonly [number, number]>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/**
 * Converts numbers to an element type. Floats round to nearest; an integer type takes whole numbers of its range
 * only, because a silent truncation would change what the model sees.
 *
 * @throws EngineError "data-mismatch" for a fraction or a value out of range
 */
export function convertNumbers(
  values: ArrayLike<number>,
  dtype: Exclude<DataType, "string">,
  place: string,
): NumericData {
  const out = allocate(dtype, values.length);
  if (out instanceof Float32Array || out instanceof Float64Array) {
    out.set(values);
    return out;
  }
  if (dtype === "float16" && out instanceof Uint16Array) {
    for (let index = 0; index < values.length; index++) out[index] = float16Bits(values[index]!);
    return out;
  }
  const [low, high] = integerRange[dtype]!;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new EngineError("data-mismatch", `The value ${value} does not fit the type ${dtype}`, place);
    }
    if (out instanceof BigInt64Array || out instanceof BigUint64Array) out[index] = BigInt(value);
    else out[index] = value;
  }
  return out;
}

/**
 * The values as float64, whatever their type; 64-bit integers beyond 2^53 are rounded.
 *
 * @throws EngineError "unsupported" for a string tensor
 */
export function toNumbers(tensor: HostTensor): Float64Array | Float32Array {
  const { data, dtype } = tensor;
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (dtype === "float16" && data instanceof Uint16Array) return Float64Array.from(data, float16Value);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (ArrayBuffer.isView(data)) return Float64Array.from(data);
  throw new EngineError("unsupported", "A string tensor has no numeric values");
}

export function isFloat(dtype: DataType): boolean {
  return floatTypes.has(dtype);
}
