import { makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { type Dim, mapDim } from "./signal.ts";

/** How a window moves over the spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Pads before and behind each axis where they are explicit. */
  readonly padding: "same" | "valid" | "causal" | readonly (readonly [number, number])[];
}

/** What a window gives: sizes of its result, and the pads as ONNX writes them. */
export interface Placed {
  readonly sizes: Dim[];
  readonly padding: Attribute[];
}

/**
 * Padding and sizes as TensorFlow computes them: "same" gives ⌈n / s⌉ places, with the odd pad behind
 * (TensorFlow, "tf.nn", notes on padding; tfjs-core, `ops/conv_util.ts`). Where a size is unknown and the stride is not 1,
 * the runtime computes the same (`auto_pad` SAME_UPPER).
 *
 * @param sizes of the spatial axes of the input
 */
export function placeWindow(sizes: readonly Dim[], window: Window): Placed {
  const pads = sizes.map((size, axis) => padsOf(size, axis, window));
  const out = sizes.map((size, axis) => sizeOf(size, axis, window));
  if (pads.includes(null)) return { sizes: out, padding: [makeString("auto_pad", "SAME_UPPER")] };
  const before = pads.map((pad) => pad?.[0] ?? 0);
  const behind = pads.map((pad) => pad?.[1] ?? 0);
  return { sizes: out, padding: [makeInts("pads", [...before, ...behind])] };
}

function reachOf(axis: number, { kernel, dilations }: Window): number {
  return ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
}

function padsOf(size: Dim, axis: number, window: Window): readonly [number, number] | null {
  const { padding } = window;
  const reach = reachOf(axis, window);
  if (padding === "valid") return [0, 0];
  if (padding === "causal") return [reach - 1, 0];
  if (padding !== "same") return padding[axis] ?? [0, 0];
  const stride = window.strides[axis] ?? 1;
  const total =
    typeof size === "number"
      ? Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size)
      : stride === 1
        ? reach - 1
        : null;
  if (total === null) return null;
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function sizeOf(size: Dim, axis: number, window: Window): Dim {
  const stride = window.strides[axis] ?? 1;
  if (window.padding === "same") return stride === 1 ? size : mapDim(size, (n) => Math.ceil(n / stride));
  const pads = padsOf(size, axis, window) ?? [0, 0];
  return mapDim(size, (n) => Math.floor((n + pads[0] + pads[1] - reachOf(axis, window)) / stride) + 1);
}
