import { sizeOf } from "../operand.ts";

/** Numbers in a shape, row by row, in float64. */
export interface NdArray {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

export function array(dims: readonly number[], data: Float64Array = new Float64Array(sizeOf(dims))): NdArray {
  return { dims, data };
}

/** Distance between neighbours along each axis. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return strides;
}

/** Calls `visit` with the coordinates of every element, in order; the list is the same object each time. */
export function forEachIndex(
  dims: readonly number[],
  visit: (index: readonly number[], at: number) => void,
): void {
  const index = dims.map(() => 0);
  const count = sizeOf(dims);
  for (let at = 0; at < count; at++) {
    visit(index, at);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (dims[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
}

/** Place of an element; axes that the shape lacks in front, or has with size 1, are broadcast. */
export function placeOf(dims: readonly number[], index: readonly number[]): number {
  const strides = stridesOf(dims);
  const extra = index.length - dims.length;
  let at = 0;
  dims.forEach((dim, axis) => {
    if (dim !== 1) at += (index[axis + extra] ?? 0) * (strides[axis] ?? 0);
  });
  return at;
}

export function valueAt({ dims, data }: NdArray, index: readonly number[]): number {
  return data[placeOf(dims, index)] ?? 0;
}

/** An array of this shape whose elements are worked out from their coordinates. */
export function build(dims: readonly number[], value: (index: readonly number[]) => number): NdArray {
  const out = array(dims);
  forEachIndex(dims, (index, at) => {
    out.data[at] = value(index);
  });
  return out;
}
