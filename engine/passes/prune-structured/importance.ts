import { readFloats } from "#engine/onnx/make.ts";
import type { LabelledConstant } from "./constants.ts";
import type { Axis } from "./units.ts";
import type { Trace } from "./visit.ts";

/**
 * How much each unit weighs: the norm of everything that would go with it, over the rows that make it and the columns
 * that read it, in every layer of its group: (Σ w²)^½ or Σ |w|. Vectors do not count: biases and the parameters of a
 * normalisation are of another scale than weights.
 *
 * @param valuesOf what stands for the values of a tensor; undefined: nothing of it counts
 * @returns by unit; NaN and infinite weights make a unit infinitely important
 */
export function unitImportance(
  trace: Trace,
  norm: "l1" | "l2",
  valuesOf: (constant: LabelledConstant) => Float32Array | undefined = ({ tensor }) => readFloats(tensor),
): Map<number, number> {
  const { units, constants } = trace;
  const sums = new Map<number, number>();
  const add = (axis: Axis, at: number, amount: number) => {
    const unit = units.find(axis[at] ?? 0);
    sums.set(unit, (sums.get(unit) ?? 0) + amount);
  };
  const isFree = (axis: Axis) => axis.some((position) => units.lockOf(position) === undefined);
  for (const constant of constants.all) {
    if (!trace.isWeight(constant)) continue;
    const { tensor, axes } = constant;
    const values = valuesOf(constant);
    if (values === undefined) continue;
    axes.forEach((axis, at) => {
      if (axis === undefined || !isFree(axis)) return;
      sumsAlong(values, tensor.dims, at, norm).forEach((sum, position) => {
        add(axis, position, sum);
      });
    });
  }
  for (const { axes, dims, fill } of trace.filled) {
    const count = dims.reduce((a, b) => a * b, 1);
    axes.forEach((axis) => {
      if (axis === undefined || dims.filter((dim) => dim > 1).length < 2) return;
      const amount = (norm === "l2" ? fill * fill : Math.abs(fill)) * (count / axis.length);
      axis.forEach((_, position) => {
        add(axis, position, amount);
      });
    });
  }
  for (const [unit, sum] of sums) {
    const value = norm === "l2" ? Math.sqrt(sum) : sum;
    sums.set(unit, Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  }
  return sums;
}

/** Sums of squares or magnitudes over all other axes, in float64. */
function sumsAlong(
  values: Float32Array,
  dims: readonly number[],
  at: number,
  norm: "l1" | "l2",
): Float64Array {
  const size = dims[at] ?? 1;
  const inner = dims.slice(at + 1).reduce((a, b) => a * b, 1);
  const sums = new Float64Array(size);
  for (let start = 0, position = 0; start < values.length; start += inner, position++) {
    let sum = 0;
    for (let index = start; index < start + inner; index++) {
      const value = values[index] ?? 0;
      sum += norm === "l2" ? value * value : Math.abs(value);
    }
    const place = position % size;
    sums[place] = (sums[place] ?? 0) + sum;
  }
  return sums;
}
