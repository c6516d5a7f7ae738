import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attribute } from "#engine/onnx/model.ts";
import { sizeOf } from "../operand.ts";
import type { NdArray } from "./array.ts";

export interface CaseInput extends NdArray {
  readonly dtype: "float32" | "int64" | "bool";
  /** Stands in the model as an initialiser: axes, shapes and the like. */
  readonly isConstant: boolean;
}

/** One use of an operator whose gradients are checked. */
export interface RuleCase {
  readonly opType: string;
  /** null: an optional input that is left out. */
  readonly inputs: readonly (CaseInput | null)[];
  readonly attributes: Attribute[];
  /** How many outputs the node has. */
  readonly outputs: number;
  /** Inputs whose gradients are asked for. */
  readonly wanted: readonly number[];
  /** Of the random gradients of the outputs. */
  readonly seed: number;
}

/**
 * Float32 values that are far apart from each other and from zero, in random order: no ties, no kinks.
 *
 * @param low lowest value, `high` the upper bound
 */
export function spread(dims: readonly number[], seed: number, low = -2, high = 2): CaseInput {
  const count = sizeOf(dims);
  const random = xoroshiro128plus(seed);
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = (random.next() >>> 0) % (at + 1);
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  const data = Float64Array.from(order, (place) =>
    Math.fround(low + ((high - low) * (place + 0.37)) / count),
  );
  return { dims, data, dtype: "float32", isConstant: false };
}

/** Whole numbers that the model holds itself. */
export function constants(values: readonly number[], dims: readonly number[] = [values.length]): CaseInput {
  return { dims, data: Float64Array.from(values), dtype: "int64", isConstant: true };
}

/** Random numbers between −1 and 1 in float32, for gradients of outputs. */
export function noise(count: number, seed: number): Float64Array {
  const random = xoroshiro128plus(seed);
  return Float64Array.from({ length: count }, () => Math.fround((random.next() >>> 0) / 2 ** 31 - 1));
}
