import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";
import { reduceSum, slice } from "../tensors.ts";
import { windowOf } from "../window.ts";
import { weightGradient } from "./conv-weight.ts";

/** Y = Wᵀ ∗ X + B, a convolution with input and output swapped: dX is the convolution of dY by W; dW likewise. */
export const convTransposeRule = ruleOf((site, dy, emit) => {
  const [x, w] = [site.input(0), site.input(1)];
  const group = site.int("group", 1);
  const window = windowOf(site, w.dims.slice(2), dy, x);
  const { kernel, strides, dilations, before } = window;
  const spatial = kernel.map((_, axis) => axis + 2);
  const inputGradient = () => {
    const size = (axis: number) => x.dims[axis + 2] ?? 1;
    // What the last window reaches; the output may end before it, or after it where output_padding is large.
    const after = kernel.map((width, axis) => {
      const reach = (size(axis) - 1) * (strides[axis] ?? 1) + (width - 1) * (dilations[axis] ?? 1) + 1;
      return Math.max(0, reach - (before[axis] ?? 0) - (dy.dims[axis + 2] ?? 1));
    });
    const made = kernel.map((width, axis) => {
      const padded = (dy.dims[axis + 2] ?? 1) + (before[axis] ?? 0) + (after[axis] ?? 0);
      return Math.floor((padded - (width - 1) * (dilations[axis] ?? 1) - 1) / (strides[axis] ?? 1)) + 1;
    });
    const whole = emit.op(
      "Conv",
      [dy, w],
      [...x.dims.slice(0, 2), ...made],
      [
        makeInts("kernel_shape", kernel),
        makeInts("strides", strides),
        makeInts("dilations", dilations),
        makeInts("pads", [...before, ...after]),
        makeInt("group", group),
      ],
    );
    return slice(
      emit,
      whole,
      spatial,
      spatial.map(() => 0),
      x.dims.slice(2),
    );
  };
  return [
    site.wants(0) ? inputGradient() : undefined,
    site.wants(1) ? weightGradient(emit, dy, x, w.dims, window, group) : undefined,
    site.wants(2) ? reduceSum(emit, dy, [0, ...spatial], false) : undefined,
  ];
});
