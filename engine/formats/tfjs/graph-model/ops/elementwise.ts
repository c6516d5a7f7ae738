import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { activate } from "../../graph/activation.ts";
import type { Dim, SignalType } from "../../graph/signal.ts";
import { broadcast, cast, emit, input, type OpCall, type OpRule, refuse, used } from "../call.ts";
import type { Value } from "../value.ts";

/** One node of ONNX that does the same to each element. */
export const unary =
  (opType: string, dtype?: SignalType): OpRule =>
  (call) => {
    const x = input(call, 0);
    return [emit(call, opType, [x], x.dims, dtype ?? x.dtype)];
  };

/** An activation that ONNX writes with several nodes. */
export const activated =
  (name: string): OpRule =>
  (call) => [activate(call.writer, used(call, input(call, 0)), name, call.scope)];

export const leakyRelu: OpRule = (call) => {
  const x = input(call, 0);
  return [
    emit(call, "LeakyRelu", [x], x.dims, x.dtype, [makeFloat("alpha", call.attributes.float("alpha", 0.2))]),
  ];
};

/** max(x, 0) + α · min(x, 0). */
export const prelu: OpRule = (call) => {
  const [x, alpha] = [input(call, 0), input(call, 1)];
  return [emit(call, "PRelu", [x, alpha], x.dims, x.dtype)];
};

/** Softmax over the last axis. */
export const lastAxis =
  (opType: string): OpRule =>
  (call) => {
    const x = input(call, 0);
    return [emit(call, opType, [x], x.dims, x.dtype, [makeInt("axis", -1)])];
  };

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Max: Math.max,
  Min: Math.min,
};

/** Arithmetic of shapes: what is known of the result of two lists, or of a list and a number. */
function fold(opType: string, a: Value, b: Value): { readonly known?: readonly Dim[] } {
  const compute = Object.hasOwn(arithmetic, opType) ? arithmetic[opType] : undefined;
  const isShape = a.dtype === "int32" && a.dims.length < 2 && b.dims.length < 2;
  if (compute === undefined || !isShape || a.known === undefined || b.known === undefined) return {};
  const length = Math.max(a.known.length, b.known.length);
  if (![1, length].includes(a.known.length) || ![1, length].includes(b.known.length)) return {};
  const at = (value: Value, index: number) => value.known?.[value.known.length === 1 ? 0 : index] ?? null;
  const known = Array.from({ length }, (_, index): Dim => {
    const [left, right] = [at(a, index), at(b, index)];
    if (typeof left === "number" && typeof right === "number") {
      const result = compute(left, right);
      return Number.isSafeInteger(result) ? result | 0 : null;
    }
    if (opType === "Mul" && left === 1) return right;
    return opType === "Mul" && right === 1 ? left : null;
  });
  return { known };
}

/** Two values, element by element. */
export const binary =
  (opType: string, dtype?: SignalType): OpRule =>
  (call) => {
    const [a, b] = [input(call, 0), input(call, 1)];
    const result = emit(call, opType, [a, b], broadcast(call, [a.dims, b.dims]), dtype ?? a.dtype);
    return [dtype === undefined ? { ...result, ...fold(opType, a, b) } : result];
  };

export const biasAdd: OpRule = (call) => {
  const x = input(call, 0);
  if (call.attributes.text("data_format", "NHWC") !== "NHWC" && x.dims.length > 2)
    refuse(call, "with the channels first");
  return binary("Add")(call);
};

/** All inputs in one sum. */
export const addAll: OpRule = (call) => {
  const [first] = call.inputs;
  if (first === undefined) return refuse(call, "of nothing");
  const dims = broadcast(
    call,
    call.inputs.map((value) => value.dims),
  );
  if (first.dtype !== "int32") return [emit(call, "Sum", call.inputs, dims, first.dtype)];
  const sum = (a: Value, b: Value): Value => emit(call, "Add", [a, b], dims, first.dtype);
  return [call.inputs.slice(1).reduce<Value>(sum, first)];
};

/** Two nodes: something, then something with its result. */
function then(call: OpCall, first: Value, opType: string, others: readonly Value[] = []): Value {
  const dims = broadcast(call, [first.dims, ...others.map((value) => value.dims)]);
  return emit(call, opType, [first, ...others], dims, first.dtype);
}

export const rsqrt: OpRule = (call) => [then(call, then(call, input(call, 0), "Sqrt"), "Reciprocal")];

export const square: OpRule = (call) => [then(call, input(call, 0), "Mul", [input(call, 0)])];

export const squaredDifference: OpRule = (call) => {
  const difference = then(call, input(call, 0), "Sub", [input(call, 1)]);
  return [then(call, difference, "Mul", [difference])];
};

const number = (value: number): Value => ({ dims: [], dtype: "float32", known: [value] });

export const log1p: OpRule = (call) => [then(call, then(call, input(call, 0), "Add", [number(1)]), "Log")];
export const expm1: OpRule = (call) => [then(call, then(call, input(call, 0), "Exp"), "Sub", [number(1)])];

/** Rounded down, also below zero; integers by way of float64, which holds each of them. */
export const floorDiv: OpRule = (call) => {
  const [a, b] = [input(call, 0), input(call, 1)];
  const dims = broadcast(call, [a.dims, b.dims]);
  if (a.dtype === "float32") return [then(call, then(call, a, "Div", [b]), "Floor")];
  const { writer, scope } = call;
  const double = (value: Value) => writer.node("Cast", [used(call, value).name], scope, [makeInt("to", 11)]);
  const quotient = writer.node("Div", [double(a), double(b)], scope);
  return [emit(call, "Cast", [writer.node("Floor", [quotient], scope)], dims, a.dtype, [makeInt("to", 6)])];
};

/** Integers are rounded down, as TensorFlow.js does. */
export const divide: OpRule = (call) =>
  input(call, 0).dtype === "int32" ? floorDiv(call) : binary("Div")(call);

/** The rest has the sign of the divisor. */
export const floorMod: OpRule = (call) => {
  const [a, b] = [input(call, 0), input(call, 1)];
  if (a.dtype === "int32") return binary("Mod")(call);
  const [floor = a] = floorDiv(call);
  return [then(call, a, "Sub", [then(call, floor, "Mul", [b])])];
};

/** 0 where the divisor is 0. */
export const divNoNan: OpRule = (call) => {
  const [a, b] = [input(call, 0), input(call, 1)];
  const dims = broadcast(call, [a.dims, b.dims]);
  const isZero = emit(call, "Equal", [b, number(0)], b.dims, "bool");
  const quotient = emit(call, "Div", [a, b], dims, a.dtype);
  return [emit(call, "Where", [isZero, number(0), quotient], dims, a.dtype)];
};

export const notEqual: OpRule = (call) => {
  const [equal = input(call, 0)] = binary("Equal", "bool")(call);
  return [emit(call, "Not", [equal], equal.dims, "bool")];
};

/** Select, SelectV2: the first takes a condition of rows for whole rows. */
export const select: OpRule = (call) => {
  const [test, a, b] = [input(call, 0), input(call, 1), input(call, 2)];
  const isRows = call.op === "Select" && test.dims.length === 1 && a.dims.length > 1;
  const rows = isRows
    ? emit(
        call,
        "Unsqueeze",
        [test, call.writer.ints(a.dims.slice(1).map((_, at) => at + 1))],
        [...test.dims, ...a.dims.slice(1).map(() => 1)],
        "bool",
      )
    : test;
  return [emit(call, "Where", [rows, a, b], broadcast(call, [rows.dims, a.dims, b.dims]), a.dtype)];
};

export const clip: OpRule = (call) => {
  const [x, low, high] = [input(call, 0), input(call, 1), input(call, 2)];
  if (low.dims.length > 0 || high.dims.length > 0) refuse(call, "between tensors");
  return [emit(call, "Clip", [x, low, high], x.dims, x.dtype)];
};

export const castTo: OpRule = (call) => {
  const x = input(call, 0);
  const dtype = call.attributes.type("DstT") ?? refuse(call, "to a type without numbers");
  return [
    {
      ...cast(call, x, dtype),
      ...(x.dtype === "int32" && dtype === "int32" && x.known && { known: x.known }),
    },
  ];
};

/** What hands its inputs on. */
export const identity: OpRule = (call) => [...call.inputs];
