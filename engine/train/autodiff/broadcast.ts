import { makeInt } from "#engine/onnx/attributes.ts";
import type { Emitter } from "./emitter.ts";
import { type Operand, sameDims } from "./operand.ts";
import { reshape } from "./tensors.ts";

/**
 * The gradient of a value that was broadcast to a larger shape: the sum over every axis along which it was repeated.
 * Every rule of an operator that broadcasts ends here.
 */
export function sumTo(emit: Emitter, gradient: Operand, dims: readonly number[]): Operand {
  if (sameDims(gradient.dims, dims)) return gradient;
  const extra = gradient.dims.length - dims.length;
  const axes = gradient.dims.flatMap((dim, axis) =>
    axis < extra || ((dims[axis - extra] ?? 1) === 1 && dim !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return reshape(emit, gradient, dims);
  const kept = gradient.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const sum = emit.op("ReduceSum", [gradient, emit.ints(axes)], kept, [makeInt("keepdims", 1)]);
  return reshape(emit, sum, dims);
}
