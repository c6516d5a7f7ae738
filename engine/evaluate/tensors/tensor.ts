/** Element types that a model input or output can have here: those that ONNX Runtime's Node binding carries. */
export const dataTypes = [
  "float32",
  "float16",
  "float64",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "bool",
  "string",
] as const;

export type DataType = (typeof dataTypes)[number];

export type NumericData =
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

/**
 * A dense tensor in row-major order. float16 is held as its bit patterns in a Uint16Array and bool as 0 and 1 in
 * a Uint8Array, so that the same code runs where `Float16Array` is missing.
 */
export interface HostTensor {
  readonly dtype: DataType;
  readonly dims: readonly number[];
  readonly data: NumericData | readonly string[];
}

/** What a model asks of one input or promises of one output. A string in `shape` is a symbolic dimension. */
export interface TensorSignature {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly (number | string)[];
}

export interface ModelSignature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
}

/** The tensors of one call of a model, by input or output name. */
export type TensorMap = Readonly<Record<string, HostTensor>>;

export const floatTypes: ReadonlySet<DataType> = new Set(["float32", "float16", "float64"]);

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A shape as people write it: `[N, 28, 28, 1]`. An unnamed symbolic dimension shows as `?`. */
export function formatShape(shape: readonly (number | string)[]): string {
  return `[${shape.map((dim) => (dim === "" ? "?" : dim)).join(", ")}]`;
}
