import { Builder } from "flatbuffers";
import type { DType } from "#engine/onnx/dtypes.ts";
import { builtinCode, placeholder } from "../reader/builtins.ts";
import type { OptionField } from "../reader/options.ts";
import { typeByCode } from "../reader/types.ts";
import { unionCode } from "./unions.ts";
import { bytesOf } from "./values.ts";

export interface TensorSpec {
  readonly name?: string;
  /** Default float32. */
  readonly type?: DType;
  readonly shape: readonly number[];
  readonly signature?: readonly number[];
  /** Values of a constant; bytes as they are. */
  readonly data?: readonly number[] | Uint8Array;
  readonly scale?: number | readonly number[];
  /** Default 0 where there is a scale. */
  readonly zero?: number | readonly number[];
  readonly axis?: number;
  readonly isVariable?: boolean;
  /** Index of the tensor whose buffer it reads. */
  readonly sharedWith?: number;
}

export interface OptionsSpec {
  /** Of the union, without "Options". */
  readonly union: string;
  readonly fields?: Readonly<Record<string, OptionField>>;
  readonly values?: Readonly<Record<string, number>>;
}

export interface OperatorSpec {
  /** A builtin operator, or `CUSTOM name`. */
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: OptionsSpec;
  readonly version?: number;
}

export interface ModelSpec {
  readonly tensors: readonly TensorSpec[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly OperatorSpec[];
  /** Empty subgraphs behind the first. */
  readonly others?: number;
  /** Buffers stand behind the FlatBuffer, as in models beyond 2 GiB. */
  readonly isOutside?: boolean;
  readonly version?: number;
}

const codes = new Map([...typeByCode].map(([code, type]) => [type, code]));
const identifier = "TFL3";

/** Writes a TensorFlow Lite model with the FlatBuffers builder. */
export function buildModel(spec: ModelSpec): Uint8Array {
  if (spec.isOutside) return outside(spec);
  return written(spec, new Map());
}

/** Twice: the length of the FlatBuffer says where what stands behind it begins. */
function outside(spec: ModelSpec): Uint8Array {
  const data = spec.tensors.map(dataOf);
  const place = (start: number) => {
    const places = new Map<number, number>();
    let at = start;
    for (const [index, bytes] of data.entries()) {
      if (bytes === undefined) continue;
      places.set(index, at);
      at += bytes.length;
    }
    return { places, end: at };
  };
  const { length } = written(spec, place(2 ** 30).places);
  const { places, end } = place(length);
  const file = new Uint8Array(end);
  file.set(written(spec, places));
  for (const [index, at] of places) file.set(data[index] ?? [], at);
  return file;
}

function dataOf({ data, type = "float32" }: TensorSpec): Uint8Array | undefined {
  if (data === undefined || data instanceof Uint8Array) return data;
  return bytesOf(type, data);
}

function written(spec: ModelSpec, places: ReadonlyMap<number, number>): Uint8Array {
  const b = new Builder(1024);
  const buffers = spec.tensors.map((tensor, index) => buffer(b, dataOf(tensor), places.get(index)));
  const tensors = spec.tensors.map((tensor, index) => writeTensor(b, tensor, index));
  const names = [...new Set(spec.operators.map(({ name }) => name))];
  const operators = spec.operators.map((operator) => writeOperator(b, operator, names));
  const first = subgraph(b, [tensors, operators], [spec.inputs, spec.outputs]);
  const others = Array.from({ length: spec.others ?? 0 }, () => subgraph(b, [[], []], [[], []]));
  const opcodes = names.map((name) => operatorCode(b, name, spec));
  const lists = [opcodes, [first, ...others], [buffer(b, undefined, undefined), ...buffers]].map((list) =>
    offsets(b, list),
  );
  b.startObject(8);
  b.addFieldInt32(0, spec.version ?? 3, 0);
  for (const [at, list] of [1, 2, 4].map((field, item) => [field, lists[item] ?? 0] as const))
    b.addFieldOffset(at, list, 0);
  b.finish(b.endObject(), identifier);
  return b.asUint8Array().slice();
}

function buffer(b: Builder, data: Uint8Array | undefined, place: number | undefined): number {
  let bytes = 0;
  if (data !== undefined && place === undefined) {
    b.startVector(1, data.length, 16);
    for (const byte of data.toReversed()) b.addInt8(byte);
    bytes = b.endVector();
  }
  b.startObject(3);
  if (bytes !== 0) b.addFieldOffset(0, bytes, 0);
  if (place !== undefined) {
    b.addFieldInt64(1, BigInt(place), 0n);
    b.addFieldInt64(2, BigInt(data?.length ?? 0), 0n);
  }
  return b.endObject();
}

function writeTensor(b: Builder, tensor: TensorSpec, index: number): number {
  const name = b.createString(tensor.name ?? `t${index}`);
  const shape = ints(b, tensor.shape);
  const signature = tensor.signature && ints(b, tensor.signature);
  const quantization = tensor.scale === undefined ? 0 : writeQuantization(b, tensor);
  b.startObject(10);
  b.addFieldOffset(0, shape, 0);
  b.addFieldInt8(1, codes.get(tensor.type ?? "float32") ?? 0, 0);
  // A variable has an empty buffer of its own, as converters write it.
  const own = tensor.data === undefined && !tensor.isVariable ? 0 : index + 1;
  b.addFieldInt32(2, tensor.sharedWith === undefined ? own : tensor.sharedWith + 1, 0);
  b.addFieldOffset(3, name, 0);
  if (quantization !== 0) b.addFieldOffset(4, quantization, 0);
  b.addFieldInt8(5, tensor.isVariable ? 1 : 0, 0);
  if (signature !== undefined) b.addFieldOffset(7, signature, 0);
  return b.endObject();
}

function writeQuantization(b: Builder, { scale = 1, zero = 0, axis = 0 }: TensorSpec): number {
  const scales = typeof scale === "number" ? [scale] : scale;
  const zeros = typeof zero === "number" ? scales.map(() => zero) : zero;
  b.startVector(4, scales.length, 4);
  for (const value of scales.toReversed()) b.addFloat32(value);
  const scaleList = b.endVector();
  b.startVector(8, zeros.length, 8);
  for (const value of zeros.toReversed()) b.addInt64(BigInt(value));
  const zeroList = b.endVector();
  b.startObject(7);
  b.addFieldOffset(2, scaleList, 0);
  b.addFieldOffset(3, zeroList, 0);
  b.addFieldInt32(6, axis, 0);
  return b.endObject();
}

function writeOperator(b: Builder, operator: OperatorSpec, names: readonly string[]): number {
  const [inputs, outputs] = [ints(b, operator.inputs), ints(b, operator.outputs)];
  const options = operator.options && writeOptions(b, operator.options);
  b.startObject(13);
  b.addFieldInt32(0, names.indexOf(operator.name), 0);
  b.addFieldOffset(1, inputs, 0);
  b.addFieldOffset(2, outputs, 0);
  if (operator.options !== undefined && options !== undefined) {
    b.addFieldInt8(3, unionCode(operator.options.union), 0);
    b.addFieldOffset(4, options, 0);
  }
  return b.endObject();
}

function writeOptions(b: Builder, { fields = {}, values = {} }: OptionsSpec): number {
  b.startObject(16);
  for (const [name, { at, kind, fallback }] of Object.entries(fields)) {
    const value = values[name] ?? fallback;
    if (kind === "byte") b.addFieldInt8(at, value, fallback);
    else if (kind === "int") b.addFieldInt32(at, value, fallback);
    else b.addFieldFloat32(at, value, fallback);
  }
  return b.endObject();
}

function operatorCode(b: Builder, name: string, spec: ModelSpec): number {
  const custom = name.startsWith("CUSTOM ") ? b.createString(name.slice(7)) : 0;
  const code = custom === 0 ? builtinCode(name) : builtinCode("CUSTOM");
  const version = spec.operators.find((operator) => operator.name === name)?.version ?? 1;
  b.startObject(4);
  b.addFieldInt8(0, Math.min(code, placeholder), 0);
  if (custom !== 0) b.addFieldOffset(1, custom, 0);
  b.addFieldInt32(2, version, 1);
  b.addFieldInt32(3, code, 0);
  return b.endObject();
}

function subgraph(
  b: Builder,
  [tensors, operators]: readonly [number[], number[]],
  ends: readonly [readonly number[], readonly number[]],
): number {
  const lists = [
    offsets(b, tensors),
    ...ends.map((indices) => ints(b, indices)),
    offsets(b, operators),
    b.createString("main"),
  ];
  b.startObject(5);
  for (const [at, list] of lists.entries()) b.addFieldOffset(at, list, 0);
  return b.endObject();
}

function ints(b: Builder, values: readonly number[]): number {
  b.startVector(4, values.length, 4);
  for (const value of values.toReversed()) b.addInt32(value);
  return b.endVector();
}

function offsets(b: Builder, values: readonly number[]): number {
  b.startVector(4, values.length, 4);
  for (const value of values.toReversed()) b.addOffset(value);
  return b.endVector();
}
