import { makeString } from "#engine/onnx/attributes.ts";
import { activate } from "../../graph/activation.ts";
import { transpose } from "../../graph/layout.ts";
import { broadcast, emit, input, type OpCall, type OpRule, refuse, stored, used } from "../call.ts";
import type { Value } from "../value.ts";

/** The last two axes exchanged: in the file where it is a constant, else by a node. */
function exchanged(call: OpCall, value: Value): Value {
  const rank = value.dims.length;
  const order = Array.from({ length: rank }, (_, at) => at);
  [order[rank - 2], order[rank - 1]] = [rank - 1, rank - 2];
  if (value.weight === undefined) return transpose(call.writer, used(call, value), order, call.scope);
  return {
    name: stored(call, value, { order }),
    dims: order.map((axis) => value.dims[axis] ?? null),
    dtype: value.dtype,
  };
}

/** MatMul, BatchMatMul, BatchMatMulV2, each side transposed if need be. */
function product(call: OpCall, turned: readonly [string, string]): Value {
  const { attributes } = call;
  const [a, b] = [input(call, 0), input(call, 1)];
  if (a.dims.length < 2 || b.dims.length < 2) refuse(call, "of vectors");
  const left = attributes.bool(turned[0], false) ? exchanged(call, a) : a;
  const right = attributes.bool(turned[1], false) ? exchanged(call, b) : b;
  const outer = broadcast(call, [left.dims.slice(0, -2), right.dims.slice(0, -2)]);
  const dims = [...outer, left.dims.at(-2) ?? null, right.dims.at(-1) ?? null];
  return emit(call, "MatMul", [left, right], dims, a.dtype);
}

export const matMul: OpRule = (call) => [product(call, ["transpose_a", "transpose_b"])];
export const batchMatMul: OpRule = (call) => [product(call, ["adj_x", "adj_y"])];

/** What TensorFlow's optimiser puts behind a product or a convolution: a bias, then a function. */
const fusedFunctions: ReadonlyMap<string, string> = new Map([
  ["Relu", "relu"],
  ["Relu6", "relu6"],
  ["Elu", "elu"],
  ["Sigmoid", "sigmoid"],
  ["Tanh", "tanh"],
]);

/** Applies `fused_ops`, whose arguments stand behind the two of the operator; the bias may have been taken in. */
export function fused(call: OpCall, value: Value, isBiasDone: boolean): Value {
  const rest = call.inputs.slice(2);
  let now = value;
  for (const name of call.attributes.texts("fused_ops")) {
    const activation = fusedFunctions.get(name);
    if (name === "BiasAdd") {
      const bias = rest.shift() ?? refuse(call, "without its bias");
      if (!isBiasDone)
        now = emit(call, "Add", [now, bias], broadcast(call, [now.dims, bias.dims]), now.dtype);
    } else if (name === "Prelu") {
      const alpha = rest.shift() ?? refuse(call, "without its slopes");
      now = emit(call, "PRelu", [now, alpha], now.dims, now.dtype);
    } else if (name === "LeakyRelu") {
      const alpha = call.attributes.float("leakyrelu_alpha", 0.2);
      const slope: Value = { dims: [1], dtype: "float32", known: [alpha] };
      now = emit(call, "PRelu", [now, slope], now.dims, now.dtype);
    } else if (activation !== undefined) {
      now = activate(call.writer, used(call, now), activation, call.scope);
    } else refuse(call, `with ${name}`);
  }
  return now;
}

export const fusedMatMul: OpRule = (call) => {
  const { attributes, inputs } = call;
  const [a, b, bias] = inputs;
  const isGemm =
    attributes.texts("fused_ops")[0] === "BiasAdd" &&
    a?.dims.length === 2 &&
    b?.dims.length === 2 &&
    bias?.dims.length === 1;
  if (!isGemm || a === undefined || b === undefined || bias === undefined) {
    return [fused(call, product(call, ["transpose_a", "transpose_b"]), false)];
  }
  const left = attributes.bool("transpose_a", false) ? exchanged(call, a) : a;
  const right = attributes.bool("transpose_b", false) ? exchanged(call, b) : b;
  const sum = emit(call, "Gemm", [left, right, bias], [left.dims[0] ?? null, right.dims[1] ?? null], a.dtype);
  return [fused(call, sum, true)];
};

export const einsum: OpRule = (call) => {
  const equation = call.attributes.text("equation", "").replace(/\s/g, "");
  const [terms = "", result] = equation.split("->");
  const lists = terms.split(",");
  if (
    result === undefined ||
    !/^[A-Za-z,]+->[A-Za-z]*$/.test(equation) ||
    lists.length !== call.inputs.length
  ) {
    refuse(call, "with this equation");
  }
  const dims = [...(result ?? "")].map((letter) => {
    for (const [at, list] of lists.entries()) {
      const axis = list.indexOf(letter);
      const dim = axis < 0 ? undefined : call.inputs[at]?.dims[axis];
      if (dim !== undefined && dim !== 1) return dim;
    }
    return 1;
  });
  return [emit(call, "Einsum", call.inputs, dims, "float32", [makeString("equation", equation)])];
};
