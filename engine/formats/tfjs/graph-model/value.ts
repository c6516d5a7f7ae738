import type { Weight } from "../artifact/weights.ts";
import type { Dim, Signal } from "../graph/signal.ts";

/**
 * A value of the source graph. A constant is no value of the ONNX graph until a node reads it: many are only shapes and
 * axes, which become attributes.
 */
export interface Value extends Omit<Signal, "name"> {
  /** Absent for a constant that nothing has read. */
  readonly name?: string;
  /** Where it is a constant of the file. */
  readonly weight?: Weight;
  /** Its elements where they follow from the file or from shapes; sizes that are open are symbols or null. */
  readonly known?: readonly Dim[];
}

/** Shapes and axes have few elements; more than this are data. */
export const mostKnown = 1024;

/** A weight as a value. */
export function constantValue(weight: Weight): Value {
  const known = weight.data.length <= mostKnown ? { known: Array.from(weight.data) } : {};
  return { dims: weight.dims, dtype: weight.dtype, weight, ...known };
}

/** All its elements, where each is a number. */
export function numbersOf(value: Value | undefined): number[] | undefined {
  const numbers = value?.known?.filter((element) => typeof element === "number");
  return numbers !== undefined && numbers.length === value?.known?.length ? numbers : undefined;
}
