import { fromFront, type Operand, sizeOf } from "./operand.ts";
import type { Site } from "./rule.ts";

/** What a reducing node does to its input. */
export interface Reduction {
  /** Axes that are gone, or 1, counted from the front. */
  readonly axes: readonly number[];
  /** The shape of the input with 1 along those axes: the output in it broadcasts with the input. */
  readonly kept: readonly number[];
  /** How many values become one. */
  readonly count: number;
}

/**
 * The axes from the second input or from the attribute, all of them where there are none.
 *
 * @returns undefined where the node hands its input on: no axes and `noop_with_empty_axes`
 */
export function reductionOf(site: Site): Reduction | undefined {
  const x: Operand = site.input(0);
  const rank = x.dims.length;
  const given = site.constants(1) ?? site.ints("axes") ?? [];
  if (given.length === 0 && site.int("noop_with_empty_axes", 0) !== 0) return undefined;
  const chosen = new Set(given.map((axis) => fromFront(axis, rank)));
  const axes = x.dims.flatMap((_, axis) => (given.length === 0 || chosen.has(axis) ? [axis] : []));
  const kept = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return { axes, kept, count: sizeOf(x.dims) / Math.max(1, sizeOf(kept)) };
}
