import { makeFloat, makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { malformed } from "../../artifact/fault.ts";
import { inChannelsFirst, transpose } from "../../graph/layout.ts";
import type { Signal } from "../../graph/signal.ts";
import { placeWindow, type Window } from "../../graph/window.ts";
import { emit, input, type OpCall, type OpRule, refuse, stored, used } from "../call.ts";
import type { Value } from "../value.ts";
import { fused } from "./linear.ts";

/** Whether the channels stand behind the batch. */
function isFirst(call: OpCall): boolean {
  const format = call.attributes.text("data_format", "NHWC").toUpperCase();
  if (format !== "NHWC" && format !== "NCHW") refuse(call, `with the layout ${format}`);
  return format === "NCHW";
}

/** The two numbers of the places among the four of a layout. */
function spatial(call: OpCall, name: string): [number, number] {
  const list = call.attributes.ints(name);
  if (list.length === 0) return [1, 1];
  const at = isFirst(call) ? 2 : 1;
  const [a = 0, b = 0] = [list[at], list[at + 1]];
  if (list.length !== 4 || a < 1 || b < 1) throw malformed(`Its ${name} are not four numbers`, call.place);
  return [a, b];
}

function windowOf(call: OpCall, kernel: readonly number[]): Window {
  const padding = call.attributes.text("padding", "VALID");
  const common = { kernel, strides: spatial(call, "strides"), dilations: spatial(call, "dilations") };
  if (padding === "SAME" || padding === "VALID")
    return { ...common, padding: padding === "SAME" ? "same" : "valid" };
  if (padding !== "EXPLICIT") throw malformed("Its padding is none of SAME, VALID, EXPLICIT", call.place);
  const list = call.attributes.ints("explicit_paddings");
  const from = isFirst(call) ? 4 : 2;
  const [top = 0, bottom = 0, left = 0, right = 0] = list.slice(from, from + 4);
  if (list.length !== 8 || Math.min(...list) < 0)
    throw malformed("Its explicit_paddings are not eight numbers", call.place);
  return {
    ...common,
    padding: [
      [top, bottom],
      [left, right],
    ],
  };
}

/** The input as an image. */
export function image(call: OpCall): Signal {
  const x = used(call, input(call, 0));
  if (x.dims.length !== 4) throw malformed(`Its input has ${x.dims.length} dimensions and not 4`, call.place);
  return x;
}

/** A kernel in another order of axes: in the file where it is a constant, else by nodes. */
function reordered(call: OpCall, kernel: Value, order: readonly number[], dims: readonly number[]): string {
  if (kernel.weight !== undefined) return stored(call, kernel, { order, dims });
  const turned = transpose(call.writer, used(call, kernel), order, call.scope);
  return call.writer.node("Reshape", [turned.name, call.writer.ints(dims)], call.scope);
}

function kernelDims(call: OpCall, kernel: Value): [number, number, number, number] {
  const [a, b, c, d] = kernel.dims;
  if (kernel.dims.length !== 4) throw malformed("Its kernel has not 4 dimensions", call.place);
  if (typeof a !== "number" || typeof b !== "number" || typeof c !== "number" || typeof d !== "number") {
    return refuse(call, "with a kernel of open size");
  }
  return [a, b, c, d];
}

function convolve(call: OpCall, isDepthwise: boolean, isFused: boolean): Value {
  const x = image(call);
  const kernel = input(call, 1);
  const [height, width, inner, outer] = kernelDims(call, kernel);
  const window = windowOf(call, [height, width]);
  const channels = x.dims[isFirst(call) ? 1 : 3];
  if (typeof channels !== "number") return refuse(call, "over an open number of channels");
  const group = isDepthwise ? inner : channels / inner;
  if (isDepthwise ? channels !== inner : !Number.isInteger(group) || outer % group !== 0) {
    throw malformed(`Its kernel is for ${inner} channels and its input has ${channels}`, call.place);
  }
  const filters = isDepthwise ? inner * outer : outer;
  const weight = isDepthwise
    ? reordered(call, kernel, [2, 3, 0, 1], [filters, 1, height, width])
    : reordered(call, kernel, [3, 2, 0, 1], [outer, inner, height, width]);
  const bias = isFused && call.attributes.texts("fused_ops")[0] === "BiasAdd" ? call.inputs[2] : undefined;
  const isWithin = bias !== undefined && bias.dims.length === 1 && bias.dims[0] === filters;
  const y = inChannelsFirst(call.writer, x, call.scope, isFirst(call), (first) => {
    const { sizes, padding } = placeWindow(first.dims.slice(2), window);
    if (sizes.some((size) => typeof size === "number" && size < 1)) {
      throw malformed("Its window is larger than its input", call.place);
    }
    const attributes = [
      makeInts("kernel_shape", window.kernel),
      makeInts("strides", window.strides),
      makeInts("dilations", window.dilations),
      makeInt("group", group),
      ...padding,
    ];
    const inputs = [first, weight, ...(isWithin ? [bias] : [])];
    return emit(call, "Conv", inputs, [first.dims[0] ?? null, filters, ...sizes], "float32", attributes);
  });
  if (isFused && !isWithin && isFirst(call)) refuse(call, "with the channels first");
  return isFused ? fused(call, y, isWithin) : y;
}

export const conv2d: OpRule = (call) => [convolve(call, false, false)];
export const depthwiseConv2d: OpRule = (call) => [convolve(call, true, false)];
export const fusedConv2d: OpRule = (call) => [convolve(call, false, true)];
export const fusedDepthwiseConv2d: OpRule = (call) => [convolve(call, true, true)];

/**
 * The gradient of a convolution by its input, whose size is the first argument: with the pads of that convolution, what
 * remains behind is filled up. The kernel has the axes (space, out, in).
 */
export const transposedConv2d: OpRule = (call) => {
  const [wanted, kernel, value] = [constantsBut(call), input(call, 1), input(call, 2)];
  const [height, width, outer, inner] = kernelDims(call, kernel);
  if (isFirst(call)) refuse(call, "with the channels first");
  const window = windowOf(call, [height, width]);
  if (window.dilations.some((step) => step > 1)) refuse(call, "with dilation");
  const weight = reordered(call, kernel, [3, 2, 0, 1], [inner, outer, height, width]);
  const x = used(call, value);
  const y = inChannelsFirst(call.writer, x, call.scope, false, (first) => {
    const pads = { before: [0, 0], behind: [0, 0], more: [0, 0] };
    for (const axis of [0, 1]) {
      const [n, size, k, s] = [
        first.dims[axis + 2],
        wanted[axis] ?? 0,
        window.kernel[axis] ?? 1,
        window.strides[axis] ?? 1,
      ];
      if (typeof n !== "number") return refuse(call, "over an open number of places");
      const { padding } = window;
      const total = padding === "same" ? Math.max(0, (n - 1) * s + k - size) : 0;
      const [before = 0, behind = 0] =
        typeof padding === "string"
          ? [Math.floor(total / 2), total - Math.floor(total / 2)]
          : (padding[axis] ?? []);
      pads.before[axis] = before;
      pads.behind[axis] = behind;
      pads.more[axis] = size - ((n - 1) * s + k - before - behind);
      if ((pads.more[axis] ?? 0) < 0 || (pads.more[axis] ?? 0) >= s)
        refuse(call, "to a size that does not fit");
    }
    const attributes = [
      makeInts("kernel_shape", window.kernel),
      makeInts("strides", window.strides),
      makeInts("pads", [...pads.before, ...pads.behind]),
      makeInts("output_padding", pads.more),
    ];
    return emit(
      call,
      "ConvTranspose",
      [first, weight],
      [first.dims[0] ?? null, outer, ...wanted],
      "float32",
      attributes,
    );
  });
  return [y];
};

/** The places of a wanted shape; its batch may be open. */
function constantsBut(call: OpCall): number[] {
  const { known } = input(call, 0);
  const [, height, width] = known ?? [];
  if (typeof height !== "number" || typeof width !== "number")
    return refuse(call, "to a size that is computed");
  return [height, width];
}

export const pool =
  (opType: "MaxPool" | "AveragePool"): OpRule =>
  (call) => {
    const x = image(call);
    const window = windowOf(call, spatial(call, "ksize"));
    return [
      inChannelsFirst(call.writer, x, call.scope, isFirst(call), (first) => {
        const { sizes, padding } = placeWindow(first.dims.slice(2), window);
        if (sizes.some((size) => typeof size === "number" && size < 1)) {
          throw malformed("Its window is larger than its input", call.place);
        }
        const attributes = [
          makeInts("kernel_shape", window.kernel),
          makeInts("strides", window.strides),
          ...padding,
          ...(opType === "AveragePool" ? [makeInt("count_include_pad", 0)] : []),
        ];
        const dims = [first.dims[0] ?? null, first.dims[1] ?? null, ...sizes];
        return emit(call, opType, [first], dims, "float32", attributes);
      }),
    ];
  };

/** With the statistics of the training; of its results only the first is one of inference. */
export const batchNorm: OpRule = (call) => {
  if (call.attributes.bool("is_training", false)) refuse(call, "in training");
  const x = image(call);
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((at) => input(call, at));
  if (!scale || !offset || !mean || !variance) return [];
  const epsilon = call.attributes.float("epsilon", 0.0001);
  const y = inChannelsFirst(call.writer, x, call.scope, isFirst(call), (first) =>
    emit(call, "BatchNormalization", [first, scale, offset, mean, variance], first.dims, "float32", [
      makeFloat("epsilon", epsilon),
    ]),
  );
  return [y];
};
