import { z } from "zod";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { transpose } from "../graph/layout.ts";
import { axisOf, constant, floats, known, type LayerRule, options, parameter, refuse } from "./call.ts";
import { axes, number, off, on } from "./options.ts";

const batchSchema = z.object({
  axis: axes.nullish().transform((value) => value ?? [-1]),
  epsilon: number(0.001),
  center: on,
  scale: on,
  renorm: off,
});

/** γ (x − μ) / √(σ² + ε) + β along one axis, with the statistics of the training. */
export const batchNormalization: LayerRule = (call) => {
  const read = options(call, batchSchema);
  if (read.axis.length > 1) refuse(call, "over several axes");
  if (read.renorm) refuse(call, "with renorm");
  const x = floats(call, 2);
  const { writer, spec } = call;
  const rank = x.dims.length;
  const axis = axisOf(call, read.axis[0] ?? -1, rank);
  if (axis === 0) refuse(call, "over the batch");
  if (axis !== rank - 1) call.differs("axis");
  const count = known(call, x.dims[axis], "normalised axis");
  const fill = (what: string, value: number) =>
    constant(call, what, [count], new Float32Array(count).fill(value));
  const gamma = read.scale ? parameter(call, "gamma", [count]) : fill("gamma", 1);
  const beta = read.center ? parameter(call, "beta", [count]) : fill("beta", 0);
  const mean = parameter(call, "moving_mean", [count]);
  const variance = parameter(call, "moving_variance", [count]);
  const others = Array.from({ length: rank }, (_, at) => at).filter((at) => at !== 0 && at !== axis);
  const there = [0, axis, ...others];
  const back = there.map((_, at) => there.indexOf(at));
  const first = transpose(writer, x, there, spec.name);
  const name = writer.node("BatchNormalization", [first.name, gamma, beta, mean, variance], spec.name, [
    makeFloat("epsilon", read.epsilon),
  ]);
  return [transpose(writer, { ...first, name }, back, spec.name)];
};

const layerSchema = z.object({
  axis: axes.nullish().transform((value) => value ?? [-1]),
  epsilon: number(0.001),
  center: on,
  scale: on,
  rms_scaling: off,
});

/** The same with the statistics of each item over its last axes (Ba, Kiros and Hinton 2016). */
export const layerNormalization: LayerRule = (call) => {
  const read = options(call, layerSchema);
  if (read.rms_scaling) refuse(call, "with rms_scaling");
  const x = floats(call, 2);
  const { writer, spec } = call;
  const rank = x.dims.length;
  const list = read.axis.map((axis) => axisOf(call, axis, rank)).sort((a, b) => a - b);
  const [from = rank - 1] = list;
  if (list.some((axis, at) => axis !== from + at) || from + list.length !== rank || from === 0) {
    refuse(call, "over other axes than the last");
  }
  const dims = list.map((axis) => known(call, x.dims[axis], "normalised axes"));
  const count = dims.reduce((product, size) => product * size, 1);
  const gamma = read.scale
    ? parameter(call, "gamma", dims)
    : constant(call, "gamma", dims, new Float32Array(count).fill(1));
  const beta = read.center ? [parameter(call, "beta", dims)] : [];
  const name = writer.node("LayerNormalization", [x.name, gamma, ...beta], spec.name, [
    makeInt("axis", from),
    makeFloat("epsilon", read.epsilon),
  ]);
  return [{ ...x, name }];
};
