import { makeInt } from "#engine/onnx/attributes.ts";
import type { Dim } from "../../graph/signal.ts";
import { castTo } from "../../layers/call.ts";
import { axisOf, cast, constantOf, constants, emit, input, type OpCall, type OpRule, used } from "../call.ts";
import { numbersOf, type Value } from "../value.ts";

interface Over {
  readonly axes: readonly number[];
  readonly dims: readonly Dim[];
  readonly keeps: boolean;
}

function over(call: OpCall, x: Value): Over {
  const axes = constants(call, 1, "axes").map((axis) => axisOf(call, axis, x.dims.length));
  const keeps = call.attributes.bool("keep_dims", call.attributes.bool("keepdims", false));
  const dims = x.dims.flatMap((dim, at) => (axes.includes(at) ? (keeps ? [1] : []) : [dim]));
  return { axes, dims, keeps };
}

function reduced(call: OpCall, opType: string, x: Value, { axes, dims, keeps }: Over): Value {
  // Without axes ONNX would reduce all of them, and TensorFlow none.
  if (axes.length === 0) return x;
  const list = call.writer.ints(axes);
  return emit(call, opType, [x, list], dims, x.dtype, [makeInt("keepdims", keeps ? 1 : 0)]);
}

export const reduction =
  (opType: string): OpRule =>
  (call) => {
    const x = input(call, 0);
    const result = reduced(call, opType, x, over(call, x));
    const numbers = x.dtype === "int32" && result.dims.length === 0 ? numbersOf(x) : undefined;
    if (opType !== "ReduceProd" || numbers === undefined) return [result];
    const product = numbers.reduce((all, number) => all * number, 1);
    return [Number.isSafeInteger(product) ? { ...result, known: [product | 0] } : result];
  };

/** All, Any: the smallest and the largest of 0 and 1. */
export const logical =
  (opType: "ReduceMin" | "ReduceMax"): OpRule =>
  (call) => {
    const x = cast(call, input(call, 0), "int32");
    return [cast(call, reduced(call, opType, x, over(call, x)), "bool")];
  };

/** ArgMax, ArgMin: the first place of the largest or smallest. */
export const extremePlace =
  (opType: "ArgMax" | "ArgMin"): OpRule =>
  (call) => {
    const x = input(call, 0);
    const axis = axisOf(call, call.inputs.length > 1 ? constantOf(call, 1, "axis") : 0, x.dims.length);
    const dims = x.dims.filter((_, at) => at !== axis);
    const attributes = [makeInt("axis", axis), makeInt("keepdims", 0)];
    const places = call.writer.node(opType, [used(call, x).name], call.scope, attributes);
    return [emit(call, "Cast", [places], dims, "int32", [castTo("int32")])];
  };

export const cumulativeSum: OpRule = (call) => {
  const x = input(call, 0);
  const axis = axisOf(call, constantOf(call, 1, "axis"), x.dims.length);
  const flag = (name: string) => makeInt(name, call.attributes.bool(name, false) ? 1 : 0);
  const place = call.writer.ints(axis);
  return [emit(call, "CumSum", [x, place], x.dims, x.dtype, [flag("exclusive"), flag("reverse")])];
};

/**
 * A row of zeros with a one (or of two other values) for each whole number. The two are integers first: a list of floats
 * would be taken for a weight.
 */
export const oneHot: OpRule = (call) => {
  const [places, on, off] = [input(call, 0), input(call, 2), input(call, 3)];
  const depth = constantOf(call, 1, "depth");
  const axis = axisOf(call, call.attributes.int("axis", -1), places.dims.length + 1);
  const [high, low] = [constantOf(call, 2, "values"), constantOf(call, 3, "values")];
  const { writer, scope } = call;
  const dims = [...places.dims.slice(0, axis), depth, ...places.dims.slice(axis)];
  // Places below zero are nobody's in TensorFlow; ONNX would count them from the end.
  const zero: Value = { dims: [], dtype: places.dtype, known: [0] };
  const none: Value = { dims: [], dtype: places.dtype, known: [depth] };
  const isBelow = emit(call, "Less", [places, zero], places.dims, "bool");
  const safe = emit(call, "Where", [isBelow, none, places], places.dims, places.dtype);
  const index = writer.node("Cast", [safe.name], scope, [castTo("int64")]);
  const inputs = [index, writer.ints(depth), writer.ints([0, 1])];
  const ones = writer.node("OneHot", inputs, scope, [makeInt("axis", axis)]);
  if (high === 1 && low === 0) return [emit(call, "Cast", [ones], dims, on.dtype, [castTo(on.dtype)])];
  return [
    emit(call, "Where", [writer.node("Cast", [ones], scope, [castTo("bool")]), on, off], dims, on.dtype),
  ];
};

/** The largest along the last axis, in their order, and their places. */
export const topK: OpRule = (call) => {
  const x = input(call, 0);
  const k = call.inputs.length > 1 ? constantOf(call, 1, "k") : call.attributes.int("k", 1);
  const { writer, scope } = call;
  const [values = "", places = ""] = writer.nodeOf(
    "TopK",
    [used(call, x).name, writer.ints([k])],
    scope,
    [true, true],
    [makeInt("axis", -1)],
  );
  const dims = [...x.dims.slice(0, -1), k];
  return [
    { name: values, dims, dtype: x.dtype },
    emit(call, "Cast", [places], dims, "int32", [castTo("int32")]),
  ];
};
