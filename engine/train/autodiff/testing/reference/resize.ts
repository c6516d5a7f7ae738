import { stringAttribute } from "#engine/onnx/attributes.ts";
import { array, build, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";
import { numbersOf } from "./shapes.ts";

export function resizedDims(rule: RuleCase): number[] {
  const dims = rule.inputs[0]?.dims ?? [];
  const scales = numbersOf(rule, 2);
  return numbersOf(rule, 3) ?? dims.map((dim, axis) => Math.floor(dim * (scales?.[axis] ?? 1)));
}

/** Bilinear or nearest, value by value, over the last two axes of [N, C, H, W]. */
export const resizeReference: Reference = (inputs, rule) => {
  const [x = array([0])] = present(inputs);
  const node = nodeOf(rule);
  const out = resizedDims(rule);
  const isLinear = stringAttribute(node, "mode") === "linear";
  const source = (at: number, axis: number): number => {
    const [from, to] = [x.dims[axis] ?? 1, out[axis] ?? 1];
    const ratio = numbersOf(rule, 2)?.[axis] ?? to / from;
    const mode = stringAttribute(node, "coordinate_transformation_mode") ?? "half_pixel";
    if (mode === "align_corners") return to === 1 ? 0 : (at * (from - 1)) / (to - 1);
    if (mode === "asymmetric") return at / ratio;
    return mode === "pytorch_half_pixel" && to === 1 ? 0 : (at + 0.5) / ratio - 0.5;
  };
  /** A pair of neighbours and how much of the second one counts. */
  const neighbours = (at: number, axis: number): [number, number, number] => {
    const last = (x.dims[axis] ?? 1) - 1;
    const place = source(at, axis);
    if (!isLinear) {
      const isUp = stringAttribute(node, "nearest_mode") === "round_prefer_ceil";
      const isFloor = stringAttribute(node, "nearest_mode") === "floor";
      const near = isFloor ? Math.floor(place) : isUp ? Math.floor(place + 0.5) : Math.ceil(place - 0.5);
      const kept = Math.max(0, Math.min(near, last));
      return [kept, kept, 0];
    }
    const low = Math.floor(place);
    const bound = (value: number) => Math.max(0, Math.min(value, last));
    return [bound(low), bound(low + 1), place - low];
  };
  return [
    build(out, ([n = 0, c = 0, y = 0, z = 0]) => {
      const [top, bottom, down] = neighbours(y, 2);
      const [left, right, along] = neighbours(z, 3);
      const row = (at: number) =>
        (1 - along) * valueAt(x, [n, c, at, left]) + along * valueAt(x, [n, c, at, right]);
      return (1 - down) * row(top) + down * row(bottom);
    }),
  ];
};
