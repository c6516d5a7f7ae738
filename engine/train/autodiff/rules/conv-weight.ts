import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import { type Operand, sizeOf } from "../operand.ts";
import { mul, padZeros, reduceSum, reshape, slice, transpose } from "../tensors.ts";
import type { Window } from "../window.ts";

/* From where products are the faster form: measured with 1 to 128 channels and windows of 1, 9 and 25 places. */
const fewPlaces = 9;
const manyChannels = 8;

/**
 * dW [M, C/g, k…] from X [N, C, …] and dY [N, M, …].
 *
 * A convolution of X by dY gives it in one node, but as products of matrices that are only as wide as the window has
 * places: with 3 × 3 places and 16 channels, one product per place takes a third to two thirds of the time, and with
 * one filter per channel, one elementwise product per place takes half.
 */
export function weightGradient(
  emit: Emitter,
  x: Operand,
  dy: Operand,
  dims: readonly number[],
  window: Window,
  group: number,
): Operand {
  const [, channels = 1] = x.dims;
  if (sizeOf(window.kernel) <= fewPlaces && channels >= manyChannels) {
    if (group === 1) return asProducts(emit, x, dy, dims, window);
    if (group === channels && group === dims[0]) return asSums(emit, x, dy, dims, window);
  }
  return asConvolution(emit, x, dy, dims, window, group);
}

/** For each place in the window, dY [M, N · …] times what X has there [C, N · …]. */
function asProducts(
  emit: Emitter,
  x: Operand,
  dy: Operand,
  dims: readonly number[],
  { kernel, strides, dilations, before, after }: Window,
): Operand {
  const [batch = 1, channels = 1] = x.dims;
  const [, filters = 1, ...steps] = dy.dims;
  const perm = [1, 0, ...kernel.map((_, axis) => axis + 2)];
  const count = batch * sizeOf(steps);
  const upstream = reshape(emit, transpose(emit, dy, perm), [filters, count]);
  const padded = padZeros(emit, transpose(emit, x, perm), [0, 0, ...before], [0, 0, ...after]);
  const products = seenFrom(emit, padded, { kernel, strides, dilations }, steps).map((seen) =>
    emit.op(
      "Gemm",
      [upstream, reshape(emit, seen, [channels, count])],
      [filters, channels],
      [makeInt("transB", 1)],
    ),
  );
  const [first = upstream] = products;
  if (products.length === 1) return reshape(emit, first, dims);
  const joined = emit.op("Concat", products, [filters, products.length * channels], [makeInt("axis", 1)]);
  const split = reshape(emit, joined, [filters, products.length, channels]);
  return reshape(emit, transpose(emit, split, [0, 2, 1]), dims);
}

/** For each place in the window, the sum of dY times what X has there, channel by channel. */
function asSums(
  emit: Emitter,
  x: Operand,
  dy: Operand,
  dims: readonly number[],
  { before, after, ...moves }: Window,
): Operand {
  const padded = padZeros(emit, x, [0, 0, ...before], [0, 0, ...after]);
  const others = dy.dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const [, channels = 1, ...steps] = dy.dims;
  const sums = seenFrom(emit, padded, moves, steps).map((seen) =>
    reshape(emit, reduceSum(emit, mul(emit, seen, dy), others), [channels, 1]),
  );
  const [first = x] = sums;
  if (sums.length === 1) return reshape(emit, first, dims);
  return reshape(emit, emit.op("Concat", sums, [channels, sums.length], [makeInt("axis", 1)]), dims);
}

/** For each place in the window, what all steps see there. */
function seenFrom(
  emit: Emitter,
  x: Operand,
  { kernel, strides, dilations }: Pick<Window, "kernel" | "strides" | "dilations">,
  steps: readonly number[],
): Operand[] {
  const places = kernel.reduce<number[][]>(
    (all, size) => all.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at])),
    [[]],
  );
  return places.map((place) => {
    const starts = place.map((at, axis) => at * (dilations[axis] ?? 1));
    return every(emit, x, starts, strides, steps);
  });
}

/** `counts` places along each spatial axis, `strides` apart. */
function every(
  emit: Emitter,
  x: Operand,
  starts: readonly number[],
  strides: readonly number[],
  counts: readonly number[],
): Operand {
  const ends = counts.map((count, axis) => (starts[axis] ?? 0) + (count - 1) * (strides[axis] ?? 1) + 1);
  const isWhole = counts.every((count, axis) => count === x.dims[axis + 2]);
  if (isWhole) return x;
  const axes = counts.map((_, axis) => axis + 2);
  const inputs = [starts, ends, axes, strides].map((list) => emit.ints(list));
  return emit.op("Slice", [x, ...inputs], [...x.dims.slice(0, 2), ...counts]);
}

/** Channels of a group become the batch, and the items of each group its channels. */
function asConvolution(
  emit: Emitter,
  x: Operand,
  dy: Operand,
  dims: readonly number[],
  { kernel, strides, dilations, before, after }: Window,
  group: number,
): Operand {
  const [batch = 1, channels = 1, ...size] = x.dims;
  const [, filters = 1, ...steps] = dy.dims;
  const each = channels / group;
  const axes = kernel.map((_, axis) => axis);
  const split = reshape(emit, x, [batch, group, each, ...size]);
  const turned = transpose(emit, split, [2, 1, 0, ...axes.map((axis) => axis + 3)]);
  const signal = reshape(emit, turned, [each, group * batch, ...size]);
  const filter = transpose(emit, dy, [1, 0, ...axes.map((axis) => axis + 2)]);
  const made = kernel.map((_, axis) => {
    const padded = (size[axis] ?? 1) + (before[axis] ?? 0) + (after[axis] ?? 0);
    const reach = ((steps[axis] ?? 1) - 1) * (strides[axis] ?? 1) + 1;
    return Math.floor((padded - reach) / (dilations[axis] ?? 1)) + 1;
  });
  const whole = emit.op(
    "Conv",
    [signal, filter],
    [each, filters, ...made],
    [
      makeInts("kernel_shape", steps),
      makeInts("strides", dilations),
      makeInts("dilations", strides),
      makeInts("pads", [...before, ...after]),
      makeInt("group", group),
    ],
  );
  // Steps beyond the kernel: the stride did not divide what is left of the input.
  const spatial = axes.map((axis) => axis + 2);
  const cut = slice(
    emit,
    whole,
    spatial,
    axes.map(() => 0),
    [...kernel],
  );
  return reshape(emit, transpose(emit, cut, [1, 0, ...spatial]), dims);
}
