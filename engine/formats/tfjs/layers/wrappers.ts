import { z } from "zod";
import { makeInt } from "#engine/onnx/attributes.ts";
import { malformed } from "../artifact/fault.ts";
import { type Signal, signal } from "../graph/signal.ts";
import { layerOf } from "../keras/read-network.ts";
import { known, type LayerCall, type LayerRule, options, refuse, single } from "./call.ts";
import { kindOf, recurrentOptions, runOver } from "./recurrent.ts";

const bidirectionalSchema = z.object({
  merge_mode: z.enum(["concat", "sum", "mul", "ave"]).nullish(),
  layer: z.unknown(),
  backward_layer: z.unknown().optional(),
});

/** A recurrent layer from the first step to the last and another from the last to the first, put together. */
export const bidirectional: LayerRule = (call) => {
  const read = options(call, bidirectionalSchema);
  const { merge_mode: mode } = read;
  const [x, ...states] = call.inputs;
  if (x === undefined) throw malformed("It has no input", call.spec.place);
  const inner = layerOf(read.layer, call.spec.place);
  const other = read.backward_layer == null ? inner : layerOf(read.backward_layer, call.spec.place);
  const half = states.length / 2;
  const forward = directed(call, inner, "forward", x, states.slice(0, half));
  const backward = directed(call, other, "backward", x, states.slice(half));
  const ends = forward.returnsState ? [...forward.states, ...backward.states] : [];
  if (mode === null) return [forward.output, backward.output, ...ends];
  return [merged(call, mode ?? "concat", forward.output, backward.output), ...ends];
};

function directed(
  call: LayerCall,
  layer: ReturnType<typeof layerOf>,
  direction: "forward" | "backward",
  x: Signal,
  states: readonly Signal[],
) {
  const name = `${direction}_${layer.name.replace(/^(forward|backward)_/, "")}`;
  const scope = call.spec.name;
  const own = {
    ...call,
    spec: { ...layer, name: `${scope}/${name}`, place: call.spec.place },
    // Keras 3 names what lies inside by its attribute.
    weights: call.weights.within([`${scope}/${name}`, `${scope}/${direction}_layer`, name]),
  };
  kindOf(own);
  const read = recurrentOptions(own);
  if (direction === "forward" && read.go_backwards) refuse(call, "of a layer that goes backwards itself");
  return { ...runOver(own, read, x, states, direction === "backward"), returnsState: read.return_state };
}

function merged(call: LayerCall, mode: "concat" | "sum" | "mul" | "ave", a: Signal, b: Signal): Signal {
  const { writer, spec } = call;
  if (mode === "concat") {
    const [left, right] = [a.dims.at(-1), b.dims.at(-1)];
    const width = typeof left === "number" && typeof right === "number" ? left + right : null;
    const name = writer.node("Concat", [a.name, b.name], spec.name, [makeInt("axis", a.dims.length - 1)]);
    return signal(name, [...a.dims.slice(0, -1), width]);
  }
  const opType = { sum: "Add", mul: "Mul", ave: "Mean" }[mode];
  return { ...a, name: writer.node(opType, [a.name, b.name], spec.name) };
}

/** Layers that treat every position alike, so that a sequence is one more axis to them. */
const positionwise = new Set([
  "Dense",
  "Activation",
  "ReLU",
  "LeakyReLU",
  "ELU",
  "ThresholdedReLU",
  "Dropout",
  "Rescaling",
]);

/** The same layer on each step: the steps become items of the batch. */
export const timeDistributed: LayerRule = (call) => {
  const { layer } = options(call, z.object({ layer: z.unknown() }));
  const inner = layerOf(layer, call.spec.place);
  const scope = call.spec.name;
  const scopes = [scope, `${scope}/${inner.name}`, inner.name];
  const x = single(call);
  if (x.dims.length < 3) throw malformed("Its input has no steps", call.spec.place);
  if (positionwise.has(inner.className)) return call.inner({ ...inner, name: scope }, [x], scopes);
  if (x.masked) refuse(call, "over a sequence with a mask");
  const { writer } = call;
  const [rows = null, time, ...rest] = x.dims;
  const steps = known(call, time, "time");
  const each = rest.map((dim) => known(call, dim, "axes of a step"));
  const flat = writer.node("Reshape", [x.name, writer.ints([-1, ...each])], scope);
  const results = call.inner(inner, [{ ...signal(flat, [null, ...each], x.dtype) }], scopes);
  return results.map((result) => {
    const dims = result.dims.slice(1).map((dim) => known(call, dim, "axes of its result"));
    const name = writer.node("Reshape", [result.name, writer.ints([-1, steps, ...dims])], scope);
    return signal(name, [rows, steps, ...dims], result.dtype);
  });
};
