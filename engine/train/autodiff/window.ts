import { type Operand, sizeOf } from "./operand.ts";
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
  if (auto === "NOTSET" || auto === "VALID") {
    const given = auto === "VALID" ? pads.map(() => 0) : pads;
    return { kernel, strides, dilations, before: given.slice(0, rank), after: given.slice(rank) };
  }
  const totals = kernel.map((size, axis) => {
    const reach = (size - 1) * (dilations[axis] ?? 1) + 1;
    const moved = ((small.dims[axis + 2] ?? 1) - 1) * (strides[axis] ?? 1);
    return Math.max(0, moved + reach - (large.dims[axis + 2] ?? 1));
  });
  const less = totals.map((total) => Math.floor(total / 2));
  const more = totals.map((total) => Math.ceil(total / 2));
  return auto === "SAME_UPPER"
    ? { kernel, strides, dilations, before: less, after: more }
    : { kernel, strides, dilations, before: more, after: less };
}

/** Batch and channels, and the number of all values. */
export function outerOf({ dims }: Operand): { batch: number; channels: number; size: number } {
  return { batch: dims[0] ?? 1, channels: dims[1] ?? 1, size: sizeOf(dims) };
}
