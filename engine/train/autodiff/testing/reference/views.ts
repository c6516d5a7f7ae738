import { smallIntsAttribute } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../../operand.ts";
import { array, build, type NdArray, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";
import { axisOf, numbersOf } from "./shapes.ts";

/** The first input in another shape. */
export function viewReference(
  shape: (rule: RuleCase, dims: readonly number[]) => readonly number[],
): Reference {
  return (inputs, rule) =>
    present(inputs.slice(0, 1)).map(({ dims, data }) => array(shape(rule, dims), data));
}

/** The shape that Reshape asks for: 0 keeps a dimension, −1 is what remains. */
export function reshapedDims(rule: RuleCase, dims: readonly number[]): number[] {
  const wanted = (numbersOf(rule, 1) ?? []).map((dim, axis) => (dim === 0 ? (dims[axis] ?? 1) : dim));
  const known = sizeOf(wanted.filter((dim) => dim >= 0));
  return wanted.map((dim) => (dim === -1 ? sizeOf(dims) / known : dim));
}

export function flattenedDims(rule: RuleCase, dims: readonly number[]): number[] {
  const axis = axisOf(rule, 1);
  return [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))];
}

export function permOf(rule: RuleCase): number[] {
  const rank = rule.inputs[0]?.dims.length ?? 0;
  return smallIntsAttribute(nodeOf(rule), "perm") ?? Array.from({ length: rank }, (_, at) => rank - 1 - at);
}

export const transposeReference: Reference = (inputs, rule) => {
  const [x = array([0])] = present(inputs);
  const perm = permOf(rule);
  return [
    build(
      perm.map((axis) => x.dims[axis] ?? 1),
      (index) =>
        valueAt(
          x,
          x.dims.map((_, axis) => index[perm.indexOf(axis)] ?? 0),
        ),
    ),
  ];
};

/** Each value from its coordinates, among the values along an axis. */
export function alongReference(
  value: (line: readonly number[], at: number, rule: RuleCase) => number,
  axisFor: (rule: RuleCase) => number,
): Reference {
  return (inputs, rule) => {
    const [x = array([0])]: NdArray[] = present(inputs);
    const axis = axisFor(rule);
    return [
      build(x.dims, (index) => {
        const line = Array.from({ length: x.dims[axis] ?? 1 }, (_, at) =>
          valueAt(
            x,
            index.map((own, other) => (other === axis ? at : own)),
          ),
        );
        return value(line, index[axis] ?? 0, rule);
      }),
    ];
  };
}
