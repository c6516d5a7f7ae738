import type { Dim } from "#engine/graph/shapes/info.ts";
import type { Tensor } from "#engine/onnx/model.ts";

/** A value of the training graph by its name, with the shape it has in every run. */
export interface Operand {
  readonly name: string;
  readonly dims: readonly number[];
}

/** An operand of the forward graph with what else is known of it. */
export interface Known extends Operand {
  /** Code of `onnx/dtypes.ts`. */
  readonly dtype: number | undefined;
  /** The contents, flat, of a small tensor that is the same in every run: shapes, axes, pads. */
  readonly values: readonly Dim[] | undefined;
  /** The tensor, where the value is constant. */
  readonly tensor: Tensor | undefined;
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, at) => dim === b[at]);
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Multidirectional broadcasting of ONNX, of shapes that are known to fit. */
export function broadcastDims(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const dims = shapes.map((shape) => shape[axis - (rank - shape.length)] ?? 1);
    // A dimension of 0 wins over 1.
    return dims.find((dim) => dim !== 1) ?? 1;
  });
}
