import type { RandomStream } from "#engine/evaluate/statistics/random.ts";
import type { DType } from "#engine/onnx/dtypes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { readTensor, type TensorValues } from "#engine/onnx/tensor.ts";

/** Bytes of a tensor as the typed array of its type. */
export function typed(type: DType, bytes: Uint8Array): TensorValues {
  const count = (bytes.length * 8) / dtypes[type].bits;
  return readTensor({ dims: [count], dataType: dtypes[type].code, rawData: bytes });
}

/** What fills the inputs of a comparison. */
export type Filling = "normal" | "uniform" | "zeros" | "lowest" | "highest";

/** Fillings of a comparison: extremes first, the rest random. */
export function fillings(count: number): Filling[] {
  const extremes: Filling[] = ["zeros", "lowest", "highest"];
  return Array.from(
    { length: count },
    (_, item) => extremes[item] ?? (item % 2 === 0 ? "normal" : "uniform"),
  );
}

/** `count` values of a type as bytes. Floats reach ±8 at the extremes, whole numbers beyond 16 bits ±100. */
export function filled(type: DType, count: number, filling: Filling, random: RandomStream): Uint8Array {
  const [least, most] = bounds(type);
  const value = () => {
    if (filling === "zeros") return 0;
    if (filling === "lowest") return least;
    if (filling === "highest") return most;
    const isFloat = dtypes[type].kind === "float";
    if (filling === "normal")
      return Math.max(
        least,
        Math.min(most, isFloat ? random.normal() : Math.round(random.normal() * most * 0.4)),
      );
    const drawn = least + random.uniform() * (most - least);
    return isFloat ? drawn : Math.round(drawn);
  };
  const values = Array.from({ length: count }, value);
  return bytesOf(type, values);
}

function bounds(type: DType): [number, number] {
  if (type === "int8") return [-128, 127];
  if (type === "uint8") return [0, 255];
  if (type === "int16") return [-32768, 32767];
  if (type === "bool") return [0, 1];
  return type === "int32" || type === "int64" ? [-100, 100] : [-8, 8];
}

/** Numbers as the bytes of a type. */
export function bytesOf(type: DType, values: readonly number[]): Uint8Array {
  const array = arrayOf(type, values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function arrayOf(type: DType, values: readonly number[]) {
  if (type === "float32") return Float32Array.from(values);
  if (type === "float16") return Float16Array.from(values);
  if (type === "int32") return Int32Array.from(values);
  if (type === "int64") return BigInt64Array.from(values, BigInt);
  if (type === "int16") return Int16Array.from(values);
  if (type === "int8") return Int8Array.from(values);
  if (type === "uint8" || type === "bool") return Uint8Array.from(values);
  throw new Error(`No values of ${type}`);
}
