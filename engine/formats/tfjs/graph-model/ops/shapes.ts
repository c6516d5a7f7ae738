import { makeInt } from "#engine/onnx/attributes.ts";
import { exceeded, malformed } from "../../artifact/fault.ts";
import { maxElements, maxRank } from "../../artifact/limits.ts";
import { transpose as turned } from "../../graph/layout.ts";
import { type Dim, mapDim, productOf } from "../../graph/signal.ts";
import { castTo } from "../../layers/call.ts";
import {
  asInt64,
  axisOf,
  broadcast,
  constantOf,
  constants,
  emit,
  input,
  type OpCall,
  type OpRule,
  refuse,
  used,
} from "../call.ts";
import { mostKnown, numbersOf, type Value } from "../value.ts";

/** A list of int32 that is known, or partly known, from shapes. */
function shapeValue(call: OpCall, x: Value): Value {
  const node = call.writer.node("Shape", [used(call, x).name], call.scope);
  const made = emit(call, "Cast", [node], [x.dims.length], "int32", [castTo("int32")]);
  return { ...made, known: x.dims };
}

export const shape: OpRule = (call) => [shapeValue(call, input(call, 0))];

export const rank: OpRule = (call) => [{ dims: [], dtype: "int32", known: [input(call, 0).dims.length] }];

export const sizeOf: OpRule = (call) => {
  const x = input(call, 0);
  const count = productOf(x.dims);
  if (count !== null) return [{ dims: [], dtype: "int32", known: [count] }];
  const node = call.writer.node("Size", [used(call, x).name], call.scope);
  return [emit(call, "Cast", [node], [], "int32", [castTo("int32")])];
};

interface Wanted {
  readonly name: string;
  readonly dims: readonly Dim[];
}

/** The shape that an input asks for, as ONNX takes it: where one size at most is open, that one is what is left. */
function wantedShape(call: OpCall, x: Value): Wanted {
  const value = input(call, 1);
  const count = value.dims[0];
  if (value.dims.length !== 1 || typeof count !== "number" || count > maxRank) {
    return refuse(call, "to an open number of dimensions");
  }
  const written = value.known ?? Array.from({ length: count }, () => null);
  const dims = written.map((dim): Dim => (dim === -1 ? leftOver(x.dims, written) : dim));
  if (dims.some((dim) => typeof dim === "number" && dim < 0)) {
    throw malformed("Its shape has a negative size", call.place);
  }
  const open = dims.filter((dim) => typeof dim !== "number").length;
  if (open > 1 || dims.includes(0)) return { name: asInt64(call, value), dims };
  return { name: call.writer.ints(dims.map((dim) => (typeof dim === "number" ? dim : -1))), dims };
}

export const reshape: OpRule = (call) => {
  const x = input(call, 0);
  const { name, dims } = wantedShape(call, x);
  const [before, behind] = [productOf(x.dims), productOf(dims)];
  if (before !== null && behind !== null && before !== behind) {
    throw malformed(`It makes ${behind} values of ${before}`, call.place);
  }
  return [{ ...emit(call, "Reshape", [x, name], dims, x.dtype), ...(dims.length < 2 && keep(x)) }];
};

/** The size written −1: what is left of the input's sizes once those that are the same on both sides are gone. */
function leftOver(from: readonly Dim[], to: readonly Dim[]): Dim {
  const symbols: Dim[] = from.filter((dim) => typeof dim !== "number");
  for (const dim of to) {
    if (typeof dim === "number") continue;
    const at = dim === null ? -1 : symbols.indexOf(dim);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  const numbers = (dims: readonly Dim[]) =>
    dims.reduce<number>(
      (product, dim) => (typeof dim === "number" && dim !== -1 ? product * dim : product),
      1,
    );
  const ratio = numbers(from) / numbers(to);
  if (symbols.length === 0) return Number.isInteger(ratio) ? ratio : null;
  return symbols.length === 1 && ratio === 1 ? (symbols[0] ?? null) : null;
}

export const squeeze: OpRule = (call) => {
  const x = input(call, 0);
  const written = [...call.attributes.ints("squeeze_dims"), ...call.attributes.ints("axis")];
  const axes = written.map((axis) => axisOf(call, axis, x.dims.length));
  const gone = axes.length > 0 ? axes : x.dims.flatMap((dim, at) => (dim === 1 ? [at] : []));
  if (axes.length === 0 && x.dims.some((dim) => typeof dim !== "number"))
    refuse(call, "of sizes that are open");
  if (gone.some((axis) => typeof x.dims[axis] === "number" && x.dims[axis] !== 1)) {
    throw malformed("It takes away an axis that is not of size 1", call.place);
  }
  const dims = x.dims.filter((_, at) => !gone.includes(at));
  if (gone.length === 0) return [x];
  return [{ ...emit(call, "Squeeze", [x, call.writer.ints(gone)], dims, x.dtype), ...keep(x) }];
};

const keep = (x: Value) => (x.known === undefined ? {} : { known: x.known });

export const expandDims: OpRule = (call) => {
  const x = input(call, 0);
  const at = axisOf(call, constantOf(call, 1, "axis"), x.dims.length + 1);
  const dims = [...x.dims.slice(0, at), 1, ...x.dims.slice(at)];
  return [{ ...emit(call, "Unsqueeze", [x, call.writer.ints([at])], dims, x.dtype), ...keep(x) }];
};

export const transpose: OpRule = (call) => {
  const x = input(call, 0);
  const order = constants(call, 1, "axes").map((axis) => axisOf(call, axis, x.dims.length));
  if (order.length !== x.dims.length || new Set(order).size < order.length) {
    throw malformed("Its perm is no order of the axes", call.place);
  }
  return [turned(call.writer, used(call, x), order, call.scope)];
};

/** Values along a new axis. */
export const pack: OpRule = (call) => {
  const [first] = call.inputs;
  if (first === undefined) return refuse(call, "of nothing");
  const rankOf = first.dims.length;
  const at = axisOf(call, call.attributes.int("axis", 0), rankOf + 1);
  const inner = broadcast(
    call,
    call.inputs.map(({ dims }) => dims),
  );
  const dims = [...inner.slice(0, at), call.inputs.length, ...inner.slice(at)];
  const rows = call.inputs.map((x) => {
    const one = [...x.dims.slice(0, at), 1, ...x.dims.slice(at)];
    return emit(call, "Unsqueeze", [x, call.writer.ints([at])], one, x.dtype);
  });
  const known =
    rankOf === 0 && first.dtype === "int32" ? { known: call.inputs.map((x) => x.known?.[0] ?? null) } : {};
  return [{ ...emit(call, "Concat", rows, dims, first.dtype, [makeInt("axis", at)]), ...known }];
};

/** ConcatV2 has its axis behind the values, Concat before them. */
export const concat: OpRule = (call) => {
  const isOld = call.op === "Concat";
  const values = isOld ? call.inputs.slice(1) : call.inputs.slice(0, -1);
  const [first] = values;
  if (first === undefined) return refuse(call, "of nothing");
  const along = axisOf(call, constantOf(call, isOld ? 0 : call.inputs.length - 1, "axis"), first.dims.length);
  if (values.some((x) => x.dims.length !== first.dims.length))
    throw malformed("Its inputs differ in rank", call.place);
  const others = broadcast(
    call,
    values.map(({ dims }) => dims.map((dim, at) => (at === along ? 1 : dim))),
  );
  const sum = values.reduce<number | null>((total, x) => {
    const dim = x.dims[along];
    return total !== null && typeof dim === "number" ? total + dim : null;
  }, 0);
  const dims = others.map((dim, at) => (at === along ? sum : dim));
  const isShape =
    first.dtype === "int32" && first.dims.length === 1 && values.every(({ known }) => known !== undefined);
  const isSmall = isShape && typeof sum === "number" && sum <= mostKnown;
  const known = isSmall ? { known: values.flatMap((x) => x.known ?? []) } : {};
  if (values.length === 1) return [first];
  return [{ ...emit(call, "Concat", values, dims, first.dtype, [makeInt("axis", along)]), ...known }];
};

/** A value repeated along each axis. */
export const tile: OpRule = (call) => {
  const x = input(call, 0);
  const repeats = input(call, 1);
  const counts = numbersOf(repeats);
  const dims = x.dims.map((dim, at): Dim => {
    const count = counts?.[at];
    if (count === 1) return dim;
    return count === undefined ? null : mapDim(dim, (size) => size * count);
  });
  if (counts !== undefined && (counts.length !== x.dims.length || Math.min(...counts, 1) < 0)) {
    throw malformed("Its multiples are not one number for each axis", call.place);
  }
  return [emit(call, "Tile", [x, asInt64(call, repeats)], dims, x.dtype)];
};

/** Fill(shape, value) and BroadcastTo(value, shape). */
export const fill: OpRule = (call) => {
  const isFill = call.op === "Fill";
  const [value, wanted] = isFill ? [input(call, 1), input(call, 0)] : [input(call, 0), input(call, 1)];
  const count = wanted.dims[0];
  if (wanted.dims.length !== 1 || typeof count !== "number" || count > maxRank)
    return refuse(call, "to an open number of dimensions");
  const dims = wanted.known ?? Array.from({ length: count }, () => null);
  if (dims.some((dim) => typeof dim === "number" && dim < 0))
    throw malformed("Its shape has a negative size", call.place);
  const result = isFill ? dims : broadcast(call, [value.dims, dims]);
  return [emit(call, "Expand", [value, asInt64(call, wanted)], result, value.dtype)];
};

/** The same shape with one number everywhere. */
export const filledLike =
  (number: number): OpRule =>
  (call) => {
    const x = input(call, 0);
    const value: Value = { dims: [], dtype: x.dtype, known: [number] };
    const size = call.writer.node("Shape", [used(call, x).name], call.scope);
    return [emit(call, "Expand", [value, size], x.dims, x.dtype)];
  };

export const range: OpRule = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((at) => input(call, at));
  if (start === undefined || limit === undefined || delta === undefined) return [];
  const [from, to, step] = [start, limit, delta].map((value) => numbersOf(value)?.[0]);
  if (from !== undefined && to !== undefined && step !== undefined) {
    if (step === 0) throw malformed("Its step is 0", call.place);
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (count > maxElements) throw exceeded(`It has ${count} elements`, call.place);
    if (count <= mostKnown && start.dtype === "int32") {
      return [
        { dims: [count], dtype: "int32", known: Array.from({ length: count }, (_, at) => from + at * step) },
      ];
    }
    return [emit(call, "Range", [start, limit, delta], [count], start.dtype)];
  }
  return [emit(call, "Range", [start, limit, delta], [null], start.dtype)];
};
