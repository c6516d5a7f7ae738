import { smallIntsAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";

/** How a convolution's kernel walks along one axis. */
export interface Walk {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the first entry. */
  readonly pad: number;
  /** Positions that the kernel takes. */
  readonly count: number;
}

/**
 * How the kernel of a Conv walks along each spatial axis (ONNX operator Conv: output size
 * ⌊(size + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1; with auto_pad SAME_* ⌈size / stride⌉).
 *
 * @param sizes spatial sizes of the input
 * @param kernel spatial sizes of the weight
 * @returns undefined where the attributes do not fit the input
 */
export function walksOf(node: Node, sizes: readonly number[], kernel: readonly number[]): Walk[] | undefined {
  const rank = kernel.length;
  const strides = smallIntsAttribute(node, "strides") ?? kernel.map(() => 1);
  const dilations = smallIntsAttribute(node, "dilations") ?? kernel.map(() => 1);
  const pads = smallIntsAttribute(node, "pads") ?? new Array<number>(2 * rank).fill(0);
  const auto = stringAttribute(node, "auto_pad") ?? "NOTSET";
  if (sizes.length !== rank || strides.length !== rank || dilations.length !== rank) return undefined;
  if (auto === "NOTSET" && pads.length !== 2 * rank) return undefined;
  const walks = kernel.map((width, axis): Walk | undefined => {
    const [size = 0, stride = 1, dilation = 1] = [sizes[axis], strides[axis], dilations[axis]];
    if (stride < 1 || dilation < 1 || width < 1) return undefined;
    const reach = dilation * (width - 1) + 1;
    if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
      const count = Math.ceil(size / stride);
      const missing = Math.max(0, (count - 1) * stride + reach - size);
      const pad = auto === "SAME_UPPER" ? Math.floor(missing / 2) : Math.ceil(missing / 2);
      return { kernel: width, stride, dilation, pad, count };
    }
    const [before, after] = auto === "VALID" ? [0, 0] : [pads[axis] ?? 0, pads[rank + axis] ?? 0];
    const count = Math.floor((size + before + after - reach) / stride) + 1;
    // A padding larger than this is no convolution but a way to keep the machine busy.
    if (before < 0 || after < 0 || before + after > 2 * (size + reach)) return undefined;
    return { kernel: width, stride, dilation, pad: before, count: Math.max(0, count) };
  });
  return walks.every((walk) => walk !== undefined) ? walks : undefined;
}
