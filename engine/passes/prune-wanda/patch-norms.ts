import type { Walk } from "./window.ts";

/**
 * Adds to `sums` the squares of what each weight of a convolution meets: Σ over items and output positions of x² at
 * that weight's input channel and kernel position, the squared norms of the columns of the im2col matrix. That matrix
 * is never made: the sum over output positions is taken axis by axis.
 *
 * @param values input of the convolution, [items, channels, sizes…]
 * @param sums [channels, kernel…], row-major
 */
export function addPatchSquares(
  values: ArrayLike<number>,
  dims: readonly number[],
  walks: readonly Walk[],
  sums: Float64Array,
): void {
  const [items = 0, channels = 0] = dims;
  const block = dims.slice(2).reduce((a, b) => a * b, 1);
  const kernels = walks.reduce((product, { kernel }) => product * kernel, 1);
  for (let item = 0; item < items; item++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = (item * channels + channel) * block;
      let part: Float64Array = Float64Array.from({ length: block }, (_, at) => (values[from + at] ?? 0) ** 2);
      const shape = dims.slice(2);
      // From the last axis on: the axes before it have their input size, those after it the kernel's.
      for (let axis = walks.length - 1; axis >= 0; axis--) {
        const walk = walks[axis];
        if (walk === undefined) continue;
        part = alongAxis(part, shape, axis, walk);
        shape[axis] = walk.kernel;
      }
      const start = channel * kernels;
      for (let at = 0; at < kernels; at++) sums[start + at] = (sums[start + at] ?? 0) + (part[at] ?? 0);
    }
  }
}

/** Sums one axis over the positions that each entry of the kernel visits: the axis then has the kernel's length. */
function alongAxis(
  values: Float64Array,
  shape: readonly number[],
  axis: number,
  { kernel, stride, dilation, pad, count }: Walk,
): Float64Array {
  const size = shape[axis] ?? 0;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const out = new Float64Array(outer * kernel * inner);
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < kernel; k++) {
      const target = (o * kernel + k) * inner;
      const offset = k * dilation - pad;
      // Only positions inside of the input: padding is zero.
      const first = Math.max(0, Math.ceil(-offset / stride));
      for (let step = first; step < count; step++) {
        const position = offset + step * stride;
        if (position >= size) break;
        const source = (o * size + position) * inner;
        for (let i = 0; i < inner; i++) {
          out[target + i] = (out[target + i] ?? 0) + (values[source + i] ?? 0);
        }
      }
    }
  }
  return out;
}
