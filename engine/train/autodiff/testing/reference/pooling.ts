import { smallIntAttribute, smallIntsAttribute } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../../operand.ts";
import { array, type NdArray } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { nodeOf } from "./matrix.ts";
import { forEachTap, type Moves, stated } from "./taps.ts";

interface Plan {
  readonly moves: Moves;
  /** Pairs [step, place] in one plane. */
  readonly taps: Int32Array;
  /** Places that each mean is taken over. */
  readonly counts: Float64Array;
}
const plans = new WeakMap<RuleCase, Plan>();

function planOf(rule: RuleCase, large: readonly number[]): Plan {
  const known = plans.get(rule);
  if (known !== undefined) return known;
  const node = nodeOf(rule);
  const kernel = smallIntsAttribute(node, "kernel_shape") ?? [];
  const { strides, dilations, before, after, auto } = stated(node, kernel.length);
  const isCeil = smallIntAttribute(node, "ceil_mode") === 1;
  const isPadCounted = smallIntAttribute(node, "count_include_pad") === 1;
  const axes = large.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const [front, back] = [before[axis] ?? 0, after[axis] ?? 0];
    if (auto.startsWith("SAME")) {
      const steps = Math.ceil(size / stride);
      const total = Math.max(0, (steps - 1) * stride + reach - size);
      const less = Math.floor(total / 2);
      return {
        steps,
        front: auto === "SAME_UPPER" ? less : total - less,
        back: auto === "SAME_UPPER" ? total - less : less,
      };
    }
    const room = (size + front + back - reach) / stride;
    let steps = (isCeil ? Math.ceil(room) : Math.floor(room)) + 1;
    // A window must start before the padding at the end does.
    if (isCeil && (steps - 1) * stride >= size + front) steps--;
    return { steps, front, back };
  });
  const moves: Moves = {
    kernel,
    strides,
    dilations,
    before: axes.map(({ front }) => front),
    large,
    small: axes.map(({ steps }) => steps),
  };
  const taps: number[] = [];
  forEachTap(moves, (step, _, place) => taps.push(step, place));
  const counts = new Float64Array(sizeOf(moves.small));
  // What counts is what would be read from the input, or from the input with its padding.
  const [pads, wide] = [
    axes.map(({ front }) => front),
    large.map((size, axis) => size + (axes[axis]?.front ?? 0) + (axes[axis]?.back ?? 0)),
  ];
  const counted: Moves = isPadCounted ? { ...moves, before: pads.map(() => 0), large: wide } : moves;
  forEachTap(counted, (step) => {
    counts[step] = (counts[step] ?? 0) + 1;
  });
  const plan = { moves, taps: Int32Array.from(taps), counts };
  plans.set(rule, plan);
  return plan;
}

/** Folds the places of each window, plane by plane. */
function pooled(x: NdArray, rule: RuleCase, start: number, fold: (sum: number, value: number) => number) {
  const { moves, taps, counts } = planOf(rule, x.dims.slice(2));
  const [planes, inner, outer] = [sizeOf(x.dims.slice(0, 2)), sizeOf(moves.large), sizeOf(moves.small)];
  const y = array([...x.dims.slice(0, 2), ...moves.small]);
  y.data.fill(start);
  for (let plane = 0; plane < planes; plane++) {
    for (let at = 0; at < taps.length; at += 2) {
      const to = plane * outer + (taps[at] ?? 0);
      y.data[to] = fold(y.data[to] ?? 0, x.data[plane * inner + (taps[at + 1] ?? 0)] ?? 0);
    }
  }
  return { y, counts };
}

export const maxPoolReference: Reference = ([x], rule) =>
  x ? [pooled(x, rule, Number.NEGATIVE_INFINITY, Math.max).y] : [];

export const averagePoolReference: Reference = ([x], rule) => {
  if (!x) return [];
  const { y, counts } = pooled(x, rule, 0, (sum, value) => sum + value);
  return [{ dims: y.dims, data: y.data.map((sum, at) => sum / (counts[at % counts.length] ?? 1)) }];
};

/** One number per channel from all of its values. */
export function globalReference(value: (values: Float64Array) => number): Reference {
  return ([x]) => {
    if (!x) return [];
    const size = sizeOf(x.dims.slice(2));
    const y = array(x.dims.map((dim, axis) => (axis < 2 ? dim : 1)));
    return [
      { dims: y.dims, data: y.data.map((_, at) => value(x.data.subarray(at * size, (at + 1) * size))) },
    ];
  };
}
