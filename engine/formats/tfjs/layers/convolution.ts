import { z } from "zod";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { malformed } from "../artifact/fault.ts";
import { inChannelsFirst } from "../graph/layout.ts";
import { type Signal, signal } from "../graph/signal.ts";
import { placeWindow, type Window } from "../graph/window.ts";
import { activate } from "./activate.ts";
import { floats, known, type LayerCall, type LayerRule, options, parameter, refuse, stored } from "./call.ts";
import { activation, dataFormat, on, size, sizes, spread } from "./options.ts";

export const windowOptions = {
  kernel_size: sizes,
  strides: sizes.nullish().transform((value) => value ?? [1]),
  dilation_rate: sizes.nullish().transform((value) => value ?? [1]),
  padding: z
    .enum(["same", "valid", "causal"])
    .nullish()
    .transform((value) => value ?? "valid"),
  data_format: dataFormat,
  use_bias: on,
  activation,
} as const;

const schema = z.object({
  ...windowOptions,
  filters: size,
  groups: size.nullish().transform((value) => value ?? 1),
});

const depthwiseSchema = z.object({
  ...windowOptions,
  depth_multiplier: size.nullish(),
});

interface Sliding {
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation_rate: readonly number[];
  readonly padding: "same" | "valid" | "causal";
}

/** The window of a layer over `rank` spatial axes. */
export function windowOf(call: LayerCall, read: Sliding, rank: number): Window {
  const kernel = spread(read.kernel_size, rank);
  const strides = spread(read.strides, rank);
  const dilations = spread(read.dilation_rate, rank);
  if (kernel === undefined || strides === undefined || dilations === undefined) {
    throw malformed(`Its window is not one of ${rank} axes`, call.spec.place);
  }
  if (read.padding === "causal" && rank !== 1)
    throw malformed("Only one axis can be causal", call.spec.place);
  return { kernel, strides, dilations, padding: read.padding };
}

/** A convolution of ONNX. `x` has its channel behind the batch. */
function convolve(
  call: LayerCall,
  x: Signal,
  window: Window,
  filters: number,
  group: number,
  weights: readonly string[],
): Signal {
  const { sizes: places, padding } = placeWindow(x.dims.slice(2), window);
  const attributes = [
    makeInts("kernel_shape", window.kernel),
    makeInts("strides", window.strides),
    makeInts("dilations", window.dilations),
    makeInt("group", group),
    ...padding,
  ];
  for (const place of places) {
    if (typeof place === "number" && place < 1) {
      throw malformed("Its window is larger than its input", call.spec.place);
    }
  }
  const name = call.writer.node("Conv", [x.name, ...weights], call.spec.name, attributes);
  return signal(name, [x.dims[0] ?? null, filters, ...places]);
}

/** From the axes of TensorFlow's kernels (space, in, out) to those of ONNX (out, in, space). */
export function kernelOrder(rank: number): number[] {
  return [rank + 1, rank, ...Array.from({ length: rank }, (_, at) => at)];
}

/** Conv1D, Conv2D, Conv3D. */
export const convolution =
  (rank: number): LayerRule =>
  (call) => {
    const read = options(call, schema);
    const window = windowOf(call, read, rank);
    const x = floats(call, rank + 2, rank + 2);
    const { filters, groups, data_format: isFirst } = read;
    const channels = known(call, x.dims[isFirst ? 1 : rank + 1], "channels");
    if (channels % groups !== 0 || filters % groups !== 0) {
      throw malformed(`Its channels do not divide into ${groups} groups`, call.spec.place);
    }
    const order = kernelOrder(rank);
    const kernel = parameter(call, "kernel", [...window.kernel, channels / groups, filters], { order });
    const bias = read.use_bias ? [parameter(call, "bias", [filters])] : [];
    const y = inChannelsFirst(call.writer, x, call.spec.name, isFirst, (first) =>
      convolve(call, first, window, filters, groups, [kernel, ...bias]),
    );
    return [activate(call, y, read.activation)];
  };

/**
 * DepthwiseConv1D, DepthwiseConv2D: each channel by itself. The kernel has the axes (space, in, multiplier), and output
 * channel `in · multiplier + m` is the m-th of its input channel.
 */
export const depthwise =
  (rank: number): LayerRule =>
  (call) => {
    const read = options(call, depthwiseSchema);
    const window = windowOf(call, read, rank);
    const x = floats(call, rank + 2, rank + 2);
    const { depth_multiplier: multiplier, data_format: isFirst } = read;
    if (window.dilations.some((step) => step > 1)) call.differs("dilation_rate");
    const channels = known(call, x.dims[isFirst ? 1 : rank + 1], "channels");
    const { kernel, filters } = depthwiseKernel(call, window.kernel, channels, multiplier);
    const bias = read.use_bias ? [parameter(call, "bias", [filters])] : [];
    const y = inChannelsFirst(call.writer, x, call.spec.name, isFirst, (first) =>
      convolve(call, first, window, filters, channels, [kernel, ...bias]),
    );
    return [activate(call, y, read.activation)];
  };

/**
 * The kernel of a depthwise convolution as ONNX has it, (in · multiplier, 1, space), and how many channels it gives.
 * TensorFlow.js leaves the multiplier of a SeparableConv2D out; the kernel tells it.
 */
function depthwiseKernel(
  call: LayerCall,
  space: readonly number[],
  channels: number,
  multiplier: number | null | undefined,
): { kernel: string; filters: number } {
  const rank = space.length;
  const weight = call.weights.take("depthwise_kernel", [...space, channels, multiplier ?? null]);
  const filters = channels * (weight.dims[rank + 1] ?? 1);
  const order = [rank, rank + 1, ...space.map((_, at) => at)];
  return { kernel: stored(call, weight, { order, dims: [filters, 1, ...space] }), filters };
}

const separableSchema = z.object({
  ...windowOptions,
  filters: size,
  depth_multiplier: size.nullish(),
});

/** SeparableConv1D, SeparableConv2D: a depthwise convolution, then one over the channels alone. */
export const separable =
  (rank: number): LayerRule =>
  (call) => {
    const read = options(call, separableSchema);
    const window = windowOf(call, read, rank);
    const x = floats(call, rank + 2, rank + 2);
    const { depth_multiplier: multiplier, data_format: isFirst, filters } = read;
    const channels = known(call, x.dims[isFirst ? 1 : rank + 1], "channels");
    if (window.strides.some((stride, at) => stride > 1 && (window.dilations[at] ?? 1) > 1)) {
      refuse(call, "with strides and dilation");
    }
    const { kernel: deep, filters: inner } = depthwiseKernel(call, window.kernel, channels, multiplier);
    const ones = window.kernel.map(() => 1);
    const point = parameter(call, "pointwise_kernel", [...ones, inner, filters], {
      order: kernelOrder(rank),
    });
    const bias = read.use_bias ? [parameter(call, "bias", [filters])] : [];
    const still: Window = { kernel: ones, strides: ones, dilations: ones, padding: "valid" };
    const y = inChannelsFirst(call.writer, x, call.spec.name, isFirst, (first) => {
      const each = convolve(call, first, window, inner, channels, [deep]);
      return convolve(call, each, still, filters, 1, [point, ...bias]);
    });
    return [activate(call, y, read.activation)];
  };
