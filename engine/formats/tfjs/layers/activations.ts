import { z } from "zod";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { activate } from "./activate.ts";
import { axisOf, floats, known, type LayerRule, options, parameter, refuse } from "./call.ts";
import { activation, axes, number } from "./options.ts";

export const activationLayer: LayerRule = (call) => {
  const { activation: name } = options(call, z.object({ activation }));
  return [activate(call, floats(call), name)];
};

const reluSchema = z.object({
  max_value: z.number().nullish(),
  negative_slope: number(0),
  threshold: number(0),
});

/** `max_value` above, x between, `negative_slope · (x − threshold)` below the threshold (Keras, ReLU). */
export const relu: LayerRule = (call) => {
  const { max_value: max, negative_slope: slope, threshold } = options(call, reluSchema);
  const x = floats(call);
  const { writer, spec } = call;
  const write = (op: string, inputs: string[]) => writer.node(op, inputs, spec.name);
  if (max !== null && max !== undefined && max < 0) refuse(call, "with a negative max_value");
  if (slope !== 0) call.differs("negative_slope");
  if (threshold !== 0) call.differs("threshold");
  if (threshold !== 0) {
    const isAbove = write("Not", [write("Less", [x.name, writer.float(threshold)])]);
    const moved = write("Sub", [x.name, writer.float(threshold)]);
    const below = write("Mul", [moved, writer.float(slope)]);
    const bent = write("Where", [isAbove, x.name, below]);
    const name = max == null ? bent : write("Min", [bent, writer.float(max)]);
    return [{ ...x, name }];
  }
  if (slope !== 0) {
    const bent = writer.node("LeakyRelu", [x.name], spec.name, [makeFloat("alpha", slope)]);
    return [{ ...x, name: max == null ? bent : write("Min", [bent, writer.float(max)]) }];
  }
  const name =
    max == null ? write("Relu", [x.name]) : write("Clip", [x.name, writer.float(0), writer.float(max)]);
  return [{ ...x, name }];
};

const leakySchema = z.object({ alpha: z.number().nullish(), negative_slope: z.number().nullish() });

export const leakyRelu: LayerRule = (call) => {
  const { alpha, negative_slope: slope } = options(call, leakySchema);
  const x = floats(call);
  const name = call.writer.node("LeakyRelu", [x.name], call.spec.name, [
    makeFloat("alpha", alpha ?? slope ?? 0.3),
  ]);
  return [{ ...x, name }];
};

export const elu: LayerRule = (call) => {
  const { alpha } = options(call, z.object({ alpha: number(1) }));
  const x = floats(call);
  return [{ ...x, name: call.writer.node("Elu", [x.name], call.spec.name, [makeFloat("alpha", alpha)]) }];
};

/** x where it is above θ, else 0. */
export const thresholdedRelu: LayerRule = (call) => {
  const { theta } = options(call, z.object({ theta: number(1) }));
  const x = floats(call);
  const name = call.writer.node("ThresholdedRelu", [x.name], call.spec.name, [makeFloat("alpha", theta)]);
  return [{ ...x, name }];
};

const preluSchema = z.object({ shared_axes: axes.nullish() });

/** A slope below zero for each element, the same along shared axes. */
export const prelu: LayerRule = (call) => {
  const { shared_axes: shared } = options(call, preluSchema);
  const x = floats(call, 2);
  const free = new Set((shared ?? []).map((axis) => axisOf(call, axis, x.dims.length)));
  const dims = x.dims
    .slice(1)
    .map((dim, at) => (free.has(at + 1) ? 1 : known(call, dim, "axes of its slopes")));
  const alpha = parameter(call, "alpha", dims);
  return [{ ...x, name: call.writer.node("PRelu", [x.name, alpha], call.spec.name) }];
};

const softmaxSchema = z.object({ axis: axes.nullish() });

export const softmax: LayerRule = (call) => {
  const { axis } = options(call, softmaxSchema);
  const x = floats(call);
  if (x.masked) refuse(call, "of masked values");
  if (axis != null && axis.length > 1) refuse(call, "over several axes");
  const along = axisOf(call, axis?.[0] ?? -1, x.dims.length);
  const name = call.writer.node("Softmax", [x.name], call.spec.name, [makeInt("axis", along)]);
  return [{ ...x, name }];
};
