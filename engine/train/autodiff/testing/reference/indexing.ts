import { smallIntAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import { fromFront } from "../../operand.ts";
import { array, build, forEachIndex, type NdArray, placeOf, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";
import { axisOf } from "./shapes.ts";

const nothing = array([0]);

function threeOf(inputs: readonly (NdArray | null)[]): [NdArray, NdArray, NdArray] {
  const [a = nothing, b = nothing, c = nothing] = present(inputs);
  return [a, b, c];
}

/** `index` with another number on one axis. */
function withAxis(index: readonly number[], axis: number, at: number): number[] {
  return index.map((own, other) => (other === axis ? at : own));
}

export const gatherReference: Reference = (inputs, rule) => {
  const [x, indices] = threeOf(inputs);
  const axis = axisOf(rule, 0);
  const rank = indices.dims.length;
  return [
    build([...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)], (index) => {
      const at = fromFront(valueAt(indices, index.slice(axis, axis + rank)), x.dims[axis] ?? 1);
      return valueAt(x, [...index.slice(0, axis), at, ...index.slice(axis + rank)]);
    }),
  ];
};

export const gatherElementsReference: Reference = (inputs, rule) => {
  const [x, indices] = threeOf(inputs);
  const axis = axisOf(rule, 0);
  return [
    build(indices.dims, (index) =>
      valueAt(
        x,
        withAxis(index, axis, fromFront(indices.data[placeOf(indices.dims, index)] ?? 0, x.dims[axis] ?? 1)),
      ),
    ),
  ];
};

/** The place in `x` that the last axis of `indices` names, behind the item of the batch. */
function placeNamed(x: NdArray, indices: NdArray, outer: readonly number[], batchDims: number): number[] {
  const width = indices.dims.at(-1) ?? 1;
  const batch = outer.slice(0, batchDims);
  const named = Array.from({ length: width }, (_, k) =>
    fromFront(indexAt(indices, [...outer, k]), x.dims[batchDims + k] ?? 1),
  );
  return [...batch, ...named];
}

/** Without broadcasting of axes of size 1. */
function indexAt(indices: NdArray, index: readonly number[]): number {
  return indices.data[placeOf(indices.dims, index)] ?? 0;
}

export const gatherNdReference: Reference = (inputs, rule) => {
  const [x, indices] = threeOf(inputs);
  const batchDims = smallIntAttribute(nodeOf(rule), "batch_dims") ?? 0;
  const outer = indices.dims.slice(0, -1);
  const width = indices.dims.at(-1) ?? 1;
  return [
    build([...outer, ...x.dims.slice(batchDims + width)], (index) => {
      const named = placeNamed(x, indices, index.slice(0, outer.length), batchDims);
      return valueAt(x, [...named, ...index.slice(outer.length)]);
    }),
  ];
};

/** Writes updates one after the other: the last one stays, or all add up. */
function written(
  rule: RuleCase,
  data: NdArray,
  updates: NdArray,
  place: (index: readonly number[]) => number[],
): NdArray {
  const isAdded = stringAttribute(nodeOf(rule), "reduction") === "add";
  const out = array(data.dims, data.data.slice());
  forEachIndex(updates.dims, (index, at) => {
    const to = placeOf(data.dims, place(index));
    out.data[to] = (isAdded ? (out.data[to] ?? 0) : 0) + (updates.data[at] ?? 0);
  });
  return out;
}

export const scatterNdReference: Reference = (inputs, rule) => {
  const [data, indices, updates] = threeOf(inputs);
  const rank = indices.dims.length - 1;
  return [
    written(rule, data, updates, (index) => [
      ...placeNamed(data, indices, index.slice(0, rank), 0),
      ...index.slice(rank),
    ]),
  ];
};

export const scatterElementsReference: Reference = (inputs, rule) => {
  const [data, indices, updates] = threeOf(inputs);
  const axis = axisOf(rule, 0);
  return [
    written(rule, data, updates, (index) =>
      withAxis(index, axis, fromFront(indexAt(indices, index), data.dims[axis] ?? 1)),
    ),
  ];
};
