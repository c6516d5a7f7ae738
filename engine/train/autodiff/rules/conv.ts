import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { reduceSum, reshape, slice, transpose } from "../tensors.ts";
import { type Window, windowOf } from "../window.ts";

/**
 * Y = W ∗ X + B. dX is the transposed convolution of dY by W; dW is the convolution of X by dY with batch and channels
 * swapped, in which strides and dilations change places; dB sums dY.
 */
export const convRule = ruleOf((site, dy, emit) => {
  const [x, w] = [site.input(0), site.input(1)];
  const group = site.int("group", 1);
  const window = windowOf(site, w.dims.slice(2), x, dy);
  const spatial = x.dims.slice(2).map((_, axis) => axis + 2);
  return [
    site.wants(0) ? inputGradient(emit, dy, w, x.dims, window, group) : undefined,
    site.wants(1) ? weightGradient(emit, x, dy, w.dims, window, group) : undefined,
    site.wants(2) ? reduceSum(emit, dy, [0, ...spatial], false) : undefined,
  ];
});

function inputGradient(
  emit: Emitter,
  dy: Operand,
  w: Operand,
  dims: readonly number[],
  { kernel, strides, dilations, before, after }: Window,
  group: number,
): Operand {
  // What the last windows do not reach, where the stride does not divide.
  const rest = kernel.map((size, axis) => {
    const reach = (size - 1) * (dilations[axis] ?? 1) + 1;
    const covered = ((dy.dims[axis + 2] ?? 1) - 1) * (strides[axis] ?? 1) + reach;
    return (dims[axis + 2] ?? 1) + (before[axis] ?? 0) + (after[axis] ?? 0) - covered;
  });
  return emit.op("ConvTranspose", [dy, w], dims, [
    makeInts("kernel_shape", kernel),
    makeInts("strides", strides),
    makeInts("dilations", dilations),
    makeInts("pads", [...before, ...after]),
    makeInts("output_padding", rest),
    makeInt("group", group),
  ]);
}

/** dW [M, C/g, k…] from X [N, C, …] and dY [N, M, …]. */
export function weightGradient(
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
  // Channels of a group become the batch, and the items of each group its channels.
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
