import { smallIntsAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { sizeOf } from "../../operand.ts";
import { forEachIndex, stridesOf } from "../array.ts";

/** How a window moves along each spatial axis, and how often. */
export interface Moves {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  /** The larger side: the input of a convolution. */
  readonly large: readonly number[];
  /** The number of steps. */
  readonly small: readonly number[];
}

/** Strides, dilations and pads as a node states them; `auto_pad` is the affair of the caller. */
export function stated(node: Node, rank: number) {
  const ones = Array.from({ length: rank }, () => 1);
  const pads = smallIntsAttribute(node, "pads") ?? [...ones, ...ones].map(() => 0);
  return {
    strides: smallIntsAttribute(node, "strides") ?? ones,
    dilations: smallIntsAttribute(node, "dilations") ?? ones,
    before: pads.slice(0, rank),
    after: pads.slice(rank),
    auto: stringAttribute(node, "auto_pad") ?? "NOTSET",
  };
}

/** Calls `visit` with each step, each place in the window, and the place in the larger side that it looks at. */
export function forEachTap(
  { kernel, strides, dilations, before, large, small }: Moves,
  visit: (small: number, kernel: number, large: number) => void,
): void {
  const step = stridesOf(large);
  forEachIndex(small, (position, from) => {
    forEachIndex(kernel, (offset, within) => {
      let at = 0;
      for (let axis = 0; axis < kernel.length; axis++) {
        const place =
          (position[axis] ?? 0) * (strides[axis] ?? 1) -
          (before[axis] ?? 0) +
          (offset[axis] ?? 0) * (dilations[axis] ?? 1);
        if (place < 0 || place >= (large[axis] ?? 0)) return;
        at += place * (step[axis] ?? 1);
      }
      visit(from, within, at);
    });
  });
}

/**
 * All products of a convolution as places [small, weight, large, …] in the flat arrays: small [N, M, …],
 * weight [M, C/g, …], large [N, C, …].
 */
export function products(
  moves: Moves,
  batch: number,
  filters: number,
  channels: number,
  group: number,
): Int32Array {
  const [inner, outer, window] = [sizeOf(moves.large), sizeOf(moves.small), sizeOf(moves.kernel)];
  const [each, made] = [channels / group, filters / group];
  const found: number[] = [];
  forEachTap(moves, (small, kernel, large) => {
    for (let n = 0; n < batch; n++) {
      for (let m = 0; m < filters; m++) {
        for (let c = 0; c < each; c++) {
          const channel = Math.floor(m / made) * each + c;
          found.push(
            (n * filters + m) * outer + small,
            (m * each + c) * window + kernel,
            (n * channels + channel) * inner + large,
          );
        }
      }
    }
  });
  return Int32Array.from(found);
}
