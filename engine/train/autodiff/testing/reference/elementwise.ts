import { broadcastDims } from "../../operand.ts";
import { array, build, type NdArray, valueAt } from "../array.ts";
import type { Reference } from "../finite.ts";

const empty = array([0]);

/** Inputs that are there. */
export function present(inputs: readonly (NdArray | null)[]): NdArray[] {
  return inputs.map((input) => input ?? empty);
}

/** An operator on two arrays with broadcasting. */
export function binaryReference(value: (a: number, b: number) => number): Reference {
  return (inputs) => {
    const [a = empty, b = empty] = present(inputs);
    return [build(broadcastDims(a.dims, b.dims), (index) => value(valueAt(a, index), valueAt(b, index)))];
  };
}

/** An operator on each value. */
export function unaryReference(value: (x: number) => number): Reference {
  return (inputs) => present(inputs).map(({ dims, data }) => array(dims, data.map(value)));
}
