import { dtypes } from "#engine/onnx/dtypes.ts";
import { type Dim, info } from "./info.ts";
import type { NodeView, Rule } from "./view.ts";

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Begin of every axis, then end of every axis. */
  readonly pads: readonly number[];
  readonly autoPad: string;
}

/** Attributes that all sliding-window operators share; undefined where the kernel is not known. */
function windowOf(view: NodeView, kernelShape?: readonly Dim[]): Window | undefined {
  const kernel = view.ints("kernel_shape") ?? kernelShape;
  if (kernel === undefined || !kernel.every((size) => typeof size === "number")) return undefined;
  const ones = kernel.map(() => 1);
  return {
    kernel,
    strides: view.ints("strides") ?? ones,
    dilations: view.ints("dilations") ?? ones,
    pads: view.ints("pads") ?? [...kernel, ...kernel].map(() => 0),
    autoPad: view.string("auto_pad") || "NOTSET",
  };
}

/**
 * Spatial output sizes (formula of the Conv and pooling operators of ONNX):
 * floor((in + pads − ((k − 1)·dilation + 1)) / stride) + 1, ceil where `ceilMode`, ceil(in / stride) for SAME.
 */
function slide(spatial: readonly Dim[], window: Window, ceilMode = false): Dim[] {
  return spatial.map((size, axis) => {
    const stride = window.strides[axis] ?? 1;
    const kernel = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    if (typeof size !== "number") return undefined;
    if (window.autoPad.startsWith("SAME")) return Math.ceil(size / stride);
    const explicit = window.autoPad === "NOTSET";
    const begin = explicit ? (window.pads[axis] ?? 0) : 0;
    const end = explicit ? (window.pads[axis + spatial.length] ?? 0) : 0;
    const room = (size + begin + end - kernel) / stride;
    if (!ceilMode) return possible(Math.floor(room) + 1);
    const count = Math.ceil(room) + 1;
    // A window that would start in the padding after the data does not count.
    return possible((count - 1) * stride >= size + begin ? count - 1 : count);
  });
}

/** A window that does not fit gives no elements at best; less than none is an error of the model. */
function possible(size: number): Dim {
  return size >= 0 ? size : undefined;
}

/** Conv and its quantised forms: X [N, C, …], W [M, C/group, kernel…] at position `weight`. */
function convolution(weight: number, dtypeOf: (view: NodeView) => number | undefined): Rule {
  return (view) => {
    const [x, w] = [view.shape(0), view.shape(weight)];
    if (x === undefined || w === undefined || x.length < 3) return [info(dtypeOf(view), undefined)];
    const window = windowOf(view, w.slice(2));
    const spatial = window === undefined ? x.slice(2).map(() => undefined) : slide(x.slice(2), window);
    return [info(dtypeOf(view), [x[0], w[0], ...spatial])];
  };
}

const convTranspose: Rule = (view) => {
  const [x, w] = [view.shape(0), view.shape(1)];
  const dtype = view.dtype(0);
  if (x === undefined || w === undefined || x.length < 3) return [info(dtype, undefined)];
  const window = windowOf(view, w.slice(2));
  const channels = typeof w[1] === "number" ? w[1] * (view.int("group") ?? 1) : undefined;
  const given = view.ints("output_shape");
  const extra = view.ints("output_padding");
  const rank = x.length - 2;
  const spatial = x.slice(2).map((size, axis): Dim => {
    if (given !== undefined) return given.length === rank ? given[axis] : given[axis + 2];
    if (window === undefined || typeof size !== "number") return undefined;
    const stride = window.strides[axis] ?? 1;
    const kernel = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    const whole = stride * (size - 1) + (extra?.[axis] ?? 0) + kernel;
    // Padding is never negative: a kernel below the stride leaves the last gap open.
    if (window.autoPad.startsWith("SAME")) return Math.min(whole, size * stride);
    const pads = window.autoPad === "VALID" ? 0 : (window.pads[axis] ?? 0) + (window.pads[axis + rank] ?? 0);
    return possible(whole - pads);
  });
  return [info(dtype, [x[0], channels, ...spatial])];
};

function pool(view: NodeView): Dim[] | undefined {
  const x = view.shape(0);
  const window = windowOf(view);
  if (x === undefined || window === undefined || x.length < 3) return undefined;
  return [x[0], x[1], ...slide(x.slice(2), window, view.int("ceil_mode") === 1)];
}

const globalPool: Rule = (view) => {
  const x = view.shape(0);
  return [
    info(
      view.dtype(0),
      x?.map((dim, axis) => (axis < 2 ? dim : 1)),
    ),
  ];
};

const first = (view: NodeView) => view.dtype(0);
const int32 = () => dtypes.int32.code;

export const windowRules: Record<string, Rule> = {
  Conv: convolution(1, first),
  FusedConv: convolution(1, first),
  ConvInteger: convolution(1, int32),
  QLinearConv: convolution(3, (view) => view.dtype(7)),
  ConvTranspose: convTranspose,
  MaxPool: (view) => {
    const shape = pool(view);
    return [info(view.dtype(0), shape), info(dtypes.int64.code, shape)];
  },
  AveragePool: (view) => [info(view.dtype(0), pool(view))],
  LpPool: (view) => [info(view.dtype(0), pool(view))],
  QLinearAveragePool: (view) => [info(view.dtype(0), pool(view))],
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  QLinearGlobalAveragePool: globalPool,
};
