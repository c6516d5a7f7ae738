import { z } from "zod";
import { makeInt } from "#engine/onnx/attributes.ts";
import { malformed } from "../artifact/fault.ts";
import { type Dim, type Signal, signal } from "../graph/signal.ts";
import { asFloat, axisOf, type LayerCall, type LayerRule, options, refuse } from "./call.ts";
import { axis } from "./options.ts";

/** Two inputs or more of one type: float32, unless all have another. */
function several(call: LayerCall): Signal[] {
  const [first, ...rest] = call.inputs;
  if (first === undefined || rest.length === 0) {
    throw malformed(`It merges two inputs or more and has ${call.inputs.length}`, call.spec.place);
  }
  if (first.dtype === "int32" && rest.every((x) => x.dtype === "int32")) return [...call.inputs];
  return call.inputs.map((x) => asFloat(call, x));
}

/** Inputs of the same rank: axes of size 1 come behind the batch (tfjs-layers, `layers/merge.ts`). */
function sameRank(call: LayerCall, inputs: readonly Signal[]): Signal[] {
  const rank = Math.max(...inputs.map((x) => x.dims.length));
  return inputs.map((x) => {
    const missing = rank - x.dims.length;
    if (missing === 0) return x;
    const at = Array.from({ length: missing }, (_, step) => step + 1);
    const name = call.writer.node("Unsqueeze", [x.name, call.writer.ints(at)], call.spec.name);
    const [rows = null, ...others] = x.dims;
    return { ...x, name, dims: [rows, ...at.map(() => 1), ...others] };
  });
}

function broadcast(call: LayerCall, inputs: readonly Signal[]): Dim[] {
  const [first] = inputs;
  return (first?.dims ?? []).map((_, at) => {
    const dims = inputs.map((x) => x.dims[at] ?? null).filter((dim) => dim !== 1);
    const numbers = new Set(dims.filter((dim) => typeof dim === "number"));
    if (numbers.size > 1) throw malformed("The shapes of its inputs do not fit", call.spec.place);
    return [...numbers][0] ?? (dims.length === 0 ? 1 : (dims[0] ?? null));
  });
}

function masksOf(inputs: readonly Signal[]): { readonly masked?: true } {
  return inputs.some((x) => x.masked) ? { masked: true } : {};
}

/** Add, Multiply: one node for each two inputs. */
export const chained =
  (opType: "Add" | "Mul" | "Sub"): LayerRule =>
  (call) => {
    const inputs = sameRank(call, several(call));
    const dims = broadcast(call, inputs);
    const [first, ...rest] = inputs;
    if (first === undefined) return [];
    if (opType === "Sub" && rest.length > 1)
      throw malformed("It subtracts one input from one", call.spec.place);
    const name = rest.reduce((sum, x) => call.writer.node(opType, [sum, x.name], call.spec.name), first.name);
    return [{ ...signal(name, dims, first.dtype), ...masksOf(inputs) }];
  };

/** Average, Maximum, Minimum: one node for all inputs. */
export const joint =
  (opType: "Mean" | "Max" | "Min"): LayerRule =>
  (call) => {
    const inputs = sameRank(call, several(call));
    const dims = broadcast(call, inputs);
    const from = opType === "Mean" ? inputs.map((x) => asFloat(call, x)) : inputs;
    const name = call.writer.node(
      opType,
      from.map((x) => x.name),
      call.spec.name,
    );
    return [{ ...signal(name, dims, from[0]?.dtype), ...masksOf(inputs) }];
  };

export const concatenate: LayerRule = (call) => {
  const { axis: written } = options(call, z.object({ axis: axis.nullish() }));
  const inputs = several(call);
  const rank = inputs[0]?.dims.length ?? 0;
  if (inputs.some((x) => x.dims.length !== rank))
    throw malformed("Its inputs differ in rank", call.spec.place);
  const along = axisOf(call, written ?? -1, rank);
  if (along === 0) refuse(call, "along the batch");
  const dims = (inputs[0]?.dims ?? []).map((_, at): Dim => {
    if (at !== along)
      return (
        broadcast(
          call,
          inputs.map((x) => ({ ...x, dims: [x.dims[at] ?? null] })),
        )[0] ?? null
      );
    const sizes = inputs.map((x) => x.dims[at]);
    return sizes.every((size) => typeof size === "number")
      ? sizes.reduce((sum, size) => sum + size, 0)
      : null;
  });
  const name = call.writer.node(
    "Concat",
    inputs.map((x) => x.name),
    call.spec.name,
    [makeInt("axis", along)],
  );
  return [{ ...signal(name, dims, inputs[0]?.dtype), ...masksOf(inputs) }];
};
