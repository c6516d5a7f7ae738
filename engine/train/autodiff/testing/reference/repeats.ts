import { smallIntAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import { broadcastDims, fromFront } from "../../operand.ts";
import { array, build, type NdArray, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";
import { numbersOf } from "./shapes.ts";

const nothing = array([0]);

export const expandReference: Reference = (inputs, rule) => {
  const [x = nothing] = present(inputs);
  return [build(broadcastDims(x.dims, numbersOf(rule, 1) ?? []), (index) => valueAt(x, index))];
};

export const tileReference: Reference = (inputs, rule) => {
  const [x = nothing] = present(inputs);
  const repeats = numbersOf(rule, 1) ?? [];
  return [
    build(
      x.dims.map((dim, axis) => dim * (repeats[axis] ?? 1)),
      (index) =>
        valueAt(
          x,
          index.map((at, axis) => at % (x.dims[axis] ?? 1)),
        ),
    ),
  ];
};

/** For each axis the place that each entry of the padded tensor is copied from; −1 for the padding value. */
export function padPlaces(rule: RuleCase): number[][] {
  const dims = rule.inputs[0]?.dims ?? [];
  const mode = stringAttribute(nodeOf(rule), "mode") ?? "constant";
  const pads = numbersOf(rule, 1) ?? [];
  const axes = (numbersOf(rule, 3) ?? dims.map((_, axis) => axis)).map((axis) =>
    fromFront(axis, dims.length),
  );
  return dims.map((dim, axis) => {
    const at = axes.indexOf(axis);
    const [before, after] = at < 0 ? [0, 0] : [pads[at] ?? 0, pads[at + axes.length] ?? 0];
    return Array.from({ length: dim + before + after }, (_, place) => {
      const from = place - before;
      if (from >= 0 && from < dim) return from;
      if (mode === "constant") return -1;
      const end = from < 0 ? 0 : dim - 1;
      return mode === "edge" ? end : 2 * end - from;
    });
  });
}

export const padReference: Reference = (inputs, rule) => {
  const [x = nothing] = present(inputs);
  const value = inputs[2]?.data[0] ?? 0;
  const places = padPlaces(rule);
  return [
    build(
      places.map(({ length }) => length),
      (index) => {
        const from = index.map((at, axis) => places[axis]?.[at] ?? -1);
        return from.includes(-1) ? value : valueAt(x, from);
      },
    ),
  ];
};

export function isKept(rule: RuleCase, row: number, column: number): boolean {
  const k = numbersOf(rule, 1)?.[0] ?? 0;
  return smallIntAttribute(nodeOf(rule), "upper") === 0 ? column - row <= k : column - row >= k;
}

export const triluReference: Reference = (inputs, rule) =>
  present(inputs.slice(0, 1)).map((x) =>
    build(x.dims, (index) => {
      const [row = 0, column = 0] = index.slice(-2);
      return isKept(rule, row, column) ? valueAt(x, index) : 0;
    }),
  );

/** The definition: which channel of the deeper tensor holds a place of a block. */
export const depthToSpaceReference: Reference = (inputs, rule) => {
  const [x = nothing]: NdArray[] = present(inputs);
  const [batch = 1, depth = 1, height = 1, width = 1] = x.dims;
  const block = smallIntAttribute(nodeOf(rule), "blocksize") ?? 1;
  const channels = depth / block ** 2;
  const isCrd = stringAttribute(nodeOf(rule), "mode") === "CRD";
  return [
    build([batch, channels, height * block, width * block], ([n = 0, c = 0, y = 0, z = 0]) => {
      const inside = (y % block) * block + (z % block);
      const channel = isCrd ? c * block ** 2 + inside : inside * channels + c;
      return valueAt(x, [n, channel, Math.floor(y / block), Math.floor(z / block)]);
    }),
  ];
};

export const spaceToDepthReference: Reference = (inputs, rule) => {
  const [x = nothing]: NdArray[] = present(inputs);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.dims;
  const block = smallIntAttribute(nodeOf(rule), "blocksize") ?? 1;
  return [
    build([batch, channels * block ** 2, height / block, width / block], ([n = 0, c = 0, y = 0, z = 0]) => {
      const inside = Math.floor(c / channels);
      const row = y * block + Math.floor(inside / block);
      return valueAt(x, [n, c % channels, row, z * block + (inside % block)]);
    }),
  ];
};
