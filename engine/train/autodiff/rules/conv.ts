import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { reduceSum, reverse } from "../tensors.ts";
import { type Window, windowOf } from "../window.ts";
import { weightGradient } from "./conv-weight.ts";

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
  const channels = dims[1] ?? 1;
  if (group === channels && group === w.dims[0] && strides.every((stride) => stride === 1)) {
    const turned = turnedConvolution(emit, dy, w, dims, { kernel, strides, dilations, before, after }, group);
    if (turned !== undefined) return turned;
  }
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

/**
 * With one filter per channel and without strides, dX is also a convolution by the filters turned round, which takes half
 * the time of the transposed one. Not where more is padded than a window reaches.
 */
function turnedConvolution(
  emit: Emitter,
  dy: Operand,
  w: Operand,
  dims: readonly number[],
  { kernel, dilations, before }: Window,
  group: number,
): Operand | undefined {
  const reach = kernel.map((size, axis) => (size - 1) * (dilations[axis] ?? 1));
  const front = reach.map((last, axis) => last - (before[axis] ?? 0));
  const back = reach.map(
    (last, axis) => (dims[axis + 2] ?? 1) - (dy.dims[axis + 2] ?? 1) + last - (front[axis] ?? 0),
  );
  if ([...front, ...back].some((pad) => pad < 0)) return undefined;
  const axes = kernel.map((_, axis) => axis + 2);
  return emit.op("Conv", [dy, reverse(emit, w, axes)], dims, [
    makeInts("kernel_shape", kernel),
    makeInts("dilations", dilations),
    makeInts("pads", [...front, ...back]),
    makeInt("group", group),
  ]);
}
