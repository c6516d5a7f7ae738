import type { Operand } from "./operand.ts";
import type { Site } from "./rule.ts";

/** How the window of a convolution or pooling moves over the spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * The window of a node, with `auto_pad` worked out for the shapes that it has.
 *
 * @param kernel its size along each spatial axis
 * @param large the larger side: the input of a convolution, the output of a transposed one
 * @param small the other side
 */
export function windowOf(site: Site, kernel: readonly number[], large: Operand, small: Operand): Window {
  const rank = kernel.length;
  const ones = kernel.map(() => 1);
  const strides = site.ints("strides") ?? ones;
  const dilations = site.ints("dilations") ?? ones;
  const pads = site.ints("pads") ?? Array.from({ length: 2 * rank }, () => 0);
  const auto = site.text("auto_pad", "NOTSET");
  // A transposed convolution of a stated size works its pads out whatever `auto_pad` says.
  if ((auto === "NOTSET" || auto === "VALID") && site.ints("output_shape") === undefined) {
    const given = auto === "VALID" ? pads.map(() => 0) : pads;
    return { kernel, strides, dilations, before: given.slice(0, rank), after: given.slice(rank) };
  }
  const extra = site.ints("output_padding");
  const totals = kernel.map((size, axis) => {
    const reach = (size - 1) * (dilations[axis] ?? 1) + 1;
    const moved = ((small.dims[axis + 2] ?? 1) - 1) * (strides[axis] ?? 1);
    return moved + reach + (extra?.[axis] ?? 0) - (large.dims[axis + 2] ?? 1);
  });
  // ONNX Runtime shares out what is missing of a padding too, and then cuts the front.
  if (auto.startsWith("SAME") && totals.some((total) => total < (auto === "SAME_UPPER" ? -1 : -2)))
    throw site.refusal(`auto_pad ${auto} with strides far above the kernel leaves the front out`);
  const less = totals.map((total) => Math.max(0, Math.floor(total / 2)));
  const more = totals.map((total) => Math.max(0, Math.ceil(total / 2)));
  return auto === "SAME_UPPER"
    ? { kernel, strides, dilations, before: less, after: more }
    : { kernel, strides, dilations, before: more, after: less };
}
