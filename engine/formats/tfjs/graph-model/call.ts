import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { malformed } from "../artifact/fault.ts";
import { permute } from "../graph/permute.ts";
import { type Dim, type Signal, type SignalType, signal } from "../graph/signal.ts";
import type { GraphWriter } from "../graph/writer.ts";
import { castTo, Refused } from "../layers/call.ts";
import type { Attributes } from "./attributes.ts";
import { numbersOf, type Value } from "./value.ts";

/** One node of the source, to be written as nodes of ONNX. */
export interface OpCall {
  readonly op: string;
  /** The node's name, after which everything written for it is named. */
  readonly scope: string;
  readonly place: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly writer: GraphWriter;
}

/** Writes the nodes of an operator and gives its outputs. */
export type OpRule = (call: OpCall) => Value[];

/** @param form what is missing, to be read behind the operator */
export function refuse(call: OpCall, form: string): never {
  throw new Refused(`${call.op} ${form}`);
}

export function input(call: OpCall, at: number): Value {
  const value = call.inputs[at];
  if (value === undefined) throw malformed(`It has no input ${at}`, call.place);
  return value;
}

/** A value as one of the graph: a constant becomes an initialiser. */
export function used(call: OpCall, value: Value): Signal {
  const { name, dims, dtype, weight, known } = value;
  if (name !== undefined) return { name, dims, dtype };
  if (weight !== undefined) return { name: stored(call, value), dims, dtype };
  const numbers = numbersOf({ ...value, known: known ?? [] }) ?? [];
  return { name: written(call, numbers, dims, dtype), dims, dtype };
}

/** The initialiser of a constant of the file, its axes in another order if need be. */
export function stored(
  call: OpCall,
  { weight }: Value,
  form: { readonly order?: readonly number[]; readonly dims?: readonly number[] } = {},
): string {
  if (weight === undefined) throw malformed("It is no constant", call.place);
  const { order } = form;
  const shape = form.dims ?? order?.map((axis) => weight.dims[axis] ?? 1) ?? weight.dims;
  const key = `weight ${JSON.stringify([weight.name, order ?? [], shape])}`;
  return call.writer.constant(key, weight.name, (name) => {
    const data = order === undefined ? weight.data : permute(weight.data, weight.dims, order);
    return makeTensor(name, weight.dtype, [...shape], data);
  });
}

function written(call: OpCall, numbers: readonly number[], dims: readonly Dim[], dtype: SignalType): string {
  const shape = dims.map((dim) => (typeof dim === "number" ? dim : 0));
  const key = `${dtype} ${JSON.stringify([shape, numbers])}`;
  return call.writer.constant(key, `${call.scope}/constant`, (name) => {
    if (dtype === "float32") return makeTensor(name, dtype, shape, Float32Array.from(numbers));
    if (dtype === "int32") return makeTensor(name, dtype, shape, Int32Array.from(numbers));
    return makeTensor(name, dtype, shape, Uint8Array.from(numbers));
  });
}

/** Appends a node over values and gives its output. */
export function emit(
  call: OpCall,
  opType: string,
  inputs: readonly (Value | string)[],
  dims: readonly Dim[],
  dtype: SignalType,
  attribute: Attribute[] = [],
): Signal {
  const names = inputs.map((value) => (typeof value === "string" ? value : used(call, value).name));
  return signal(call.writer.node(opType, names, call.scope, attribute), dims, dtype);
}

export function cast(call: OpCall, value: Value, dtype: SignalType): Value {
  return value.dtype === dtype ? value : emit(call, "Cast", [value], value.dims, dtype, [castTo(dtype)]);
}

/** A value as a list of int64, which ONNX wants for shapes and places. */
export function asInt64(call: OpCall, value: Value): string {
  const numbers = numbersOf(value);
  if (numbers !== undefined && value.dims.length < 2) {
    return call.writer.ints(value.dims.length === 0 ? (numbers[0] ?? 0) : numbers);
  }
  return call.writer.node("Cast", [used(call, value).name], call.scope, [castTo("int64")]);
}

/** The elements of an input that must be constant. */
export function constants(call: OpCall, at: number, what: string): number[] {
  return numbersOf(input(call, at)) ?? refuse(call, `with ${what} that are computed`);
}

/** One number that must be constant. */
export function constantOf(call: OpCall, at: number, what: string): number {
  const [number, ...others] = constants(call, at, what);
  if (number === undefined || others.length > 0) throw malformed(`Its ${what} is not one number`, call.place);
  return number;
}

/** An axis, counted from the front. */
export function axisOf(call: OpCall, axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || found < 0 || found >= rank) {
    throw malformed(`Axis ${axis} is outside of ${rank} dimensions`, call.place);
  }
  return found;
}

/** The shape of values put together element by element. */
export function broadcast(call: OpCall, shapes: readonly (readonly Dim[])[]): Dim[] {
  const rank = Math.max(0, ...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, at) => {
    const dims = shapes.flatMap((shape) => {
      const dim = shape[at - rank + shape.length];
      return dim === undefined || dim === 1 ? [] : [dim];
    });
    const sizes = new Set(dims.filter((dim) => typeof dim === "number"));
    if (sizes.size > 1)
      throw malformed(`Its inputs have sizes ${[...sizes].join(" and ")} along one axis`, call.place);
    if (sizes.size === 1) return [...sizes][0] ?? null;
    if (dims.length === 0) return 1;
    return dims.every((dim) => dim === dims[0]) ? (dims[0] ?? null) : null;
  });
}

/** For messages: a node of the source. */
export function placeOf(name: string, op: string): string {
  return `node ${quote(name)} (${op})`;
}
