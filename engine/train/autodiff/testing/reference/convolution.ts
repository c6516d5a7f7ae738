import { smallIntAttribute, smallIntsAttribute } from "#engine/onnx/attributes.ts";
import { array, type NdArray } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { nodeOf } from "./matrix.ts";
import { type Moves, products, stated } from "./taps.ts";

/* The sums do not depend on the values, and finite differences run each case hundreds of times. */
interface Plan {
  readonly moves: Moves;
  readonly sums: Int32Array;
}
const plans = new WeakMap<RuleCase, Plan>();

function planOf(rule: RuleCase, make: () => Plan): Plan {
  const plan = plans.get(rule) ?? make();
  plans.set(rule, plan);
  return plan;
}

const reachOf = (kernel: readonly number[], dilations: readonly number[]) =>
  kernel.map((size, axis) => (size - 1) * (dilations[axis] ?? 1) + 1);

/** Half of the padding goes to each side; an odd one to the end for SAME_UPPER. */
function front(total: number, auto: string): number {
  return auto === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
}

/** The moves of a convolution over a signal. */
export function convolutionMoves(rule: RuleCase, kernel: readonly number[], large: readonly number[]): Moves {
  const { strides, dilations, before, after, auto } = stated(nodeOf(rule), kernel.length);
  const reach = reachOf(kernel, dilations);
  const same = auto.startsWith("SAME");
  const small = large.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    if (same) return Math.ceil(size / stride);
    return Math.floor((size + (before[axis] ?? 0) + (after[axis] ?? 0) - (reach[axis] ?? 1)) / stride) + 1;
  });
  const pads = small.map((steps, axis) => {
    const needed = (steps - 1) * (strides[axis] ?? 1) + (reach[axis] ?? 1) - (large[axis] ?? 1);
    return same ? front(Math.max(0, needed), auto) : (before[axis] ?? 0);
  });
  return { kernel, strides, dilations, before: pads, large, small };
}

export const convReference: Reference = (inputs, rule) => {
  const [x, w, bias] = inputs;
  if (!x || !w) return [];
  const group = smallIntAttribute(nodeOf(rule), "group") ?? 1;
  const [batch = 1, channels = 1, ...large] = x.dims;
  const [filters = 1, , ...kernel] = w.dims;
  const { moves, sums } = planOf(rule, () => {
    const found = convolutionMoves(rule, kernel, large);
    return { moves: found, sums: products(found, batch, filters, channels, group) };
  });
  const y = biased([batch, filters, ...moves.small], bias);
  for (let at = 0; at < sums.length; at += 3)
    y.data[sums[at] ?? 0] =
      (y.data[sums[at] ?? 0] ?? 0) + (w.data[sums[at + 1] ?? 0] ?? 0) * (x.data[sums[at + 2] ?? 0] ?? 0);
  return [y];
};

/** The output size and pads of ONNX's ConvTranspose. */
function transposedMoves(rule: RuleCase, kernel: readonly number[], small: readonly number[]): Moves {
  const node = nodeOf(rule);
  const { strides, dilations, before, after, auto } = stated(node, kernel.length);
  const reach = reachOf(kernel, dilations);
  const extra = smallIntsAttribute(node, "output_padding");
  const wanted = smallIntsAttribute(node, "output_shape");
  const whole = small.map(
    (size, axis) => (size - 1) * (strides[axis] ?? 1) + (reach[axis] ?? 1) + (extra?.[axis] ?? 0),
  );
  // Padding is never negative: a window below the stride leaves the last gap open.
  const same = whole.map((size, axis) => Math.min(size, (small[axis] ?? 1) * (strides[axis] ?? 1)));
  const made = wanted ?? (auto.startsWith("SAME") ? same : undefined);
  const pads = whole.map((size, axis) =>
    made === undefined ? (before[axis] ?? 0) : front(Math.max(0, size - (made[axis] ?? 0)), auto),
  );
  const large = whole.map((size, axis) => made?.[axis] ?? size - (before[axis] ?? 0) - (after[axis] ?? 0));
  return { kernel, strides, dilations, before: pads, large, small };
}

export const convTransposeReference: Reference = (inputs, rule) => {
  const [x, w, bias] = inputs;
  if (!x || !w) return [];
  const group = smallIntAttribute(nodeOf(rule), "group") ?? 1;
  const [batch = 1, filters = 1, ...small] = x.dims;
  const [, each = 1, ...kernel] = w.dims;
  const { moves, sums } = planOf(rule, () => {
    const found = transposedMoves(rule, kernel, small);
    return { moves: found, sums: products(found, batch, filters, each * group, group) };
  });
  const y = biased([batch, each * group, ...moves.large], bias);
  for (let at = 0; at < sums.length; at += 3)
    y.data[sums[at + 2] ?? 0] =
      (y.data[sums[at + 2] ?? 0] ?? 0) + (w.data[sums[at + 1] ?? 0] ?? 0) * (x.data[sums[at] ?? 0] ?? 0);
  return [y];
};

/** An output that holds the bias of each channel. */
function biased(dims: readonly number[], bias: NdArray | null | undefined): NdArray {
  const [batch = 1, channels = 1] = dims;
  const y = array(dims);
  const size = y.data.length / (batch * channels);
  const data = y.data.map((_, at) => bias?.data[Math.floor(at / size) % channels] ?? 0);
  return { dims, data };
}
