import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import { type Operand, sizeOf } from "../operand.ts";
import { padZeros, reshape, slice, transpose } from "../tensors.ts";
import type { Window } from "../window.ts";

/* From where products are the faster form: measured with 1 to 128 channels and windows of 1, 9 and 25 places. */
const fewPlaces = 9;
const manyChannels = 8;

/**
 * dW [M, C/g, k…] from X [N, C, …] and dY [N, M, …].
 *
 * A convolution of X by dY gives it in one node, but as products of matrices that are only as wide as the window has
 * places: with 3 × 3 places and 16 channels, one product per place takes a third to two thirds of the time.
 */
export function weightGradient(
  emit: Emitter,
  x: Operand,
  dy: Operand,
  dims: readonly number[],
  window: Window,
  group: number,
): Operand {
  const isProducts = group === 1 && sizeOf(window.kernel) <= fewPlaces && (x.dims[1] ?? 1) >= manyChannels;
  return isProducts ? asProducts(emit, x, dy, dims, window) : asConvolution(emit, x, dy, dims, window, group);
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
  const places = kernel.reduce<number[][]>(
    (all, size) => all.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at])),
    [[]],
  );
  const products = places.map((place) => {
    const starts = place.map((at, axis) => at * (dilations[axis] ?? 1));
    const seen = every(emit, padded, starts, strides, steps);
    const flat = reshape(emit, seen, [channels, count]);
    return emit.op("Gemm", [upstream, flat], [filters, channels], [makeInt("transB", 1)]);
  });
  const [first = upstream] = products;
  if (products.length === 1) return reshape(emit, first, dims);
  const joined = emit.op("Concat", products, [filters, products.length * channels], [makeInt("axis", 1)]);
  const split = reshape(emit, joined, [filters, products.length, channels]);
  return reshape(emit, transpose(emit, split, [0, 2, 1]), dims);
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
