import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { fromFront } from "../../operand.ts";
import { array, build, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";

/** The values of an input, or undefined where it is left out. */
export function numbersOf({ inputs }: RuleCase, position: number): number[] | undefined {
  const input = inputs[position];
  return input ? [...input.data] : undefined;
}

/** The attribute `axis`, counted from the front. */
export function axisOf(rule: RuleCase, otherwise: number): number {
  const rank = rule.inputs[0]?.dims.length ?? 0;
  return fromFront(smallIntAttribute(nodeOf(rule), "axis") ?? otherwise, rank);
}

/** Along each axis the places that Slice keeps, found by walking. Unlike in NumPy, no start lies before the first place. */
export function slicePlaces(rule: RuleCase): number[][] {
  const dims = rule.inputs[0]?.dims ?? [];
  const [starts = [], ends = []] = [numbersOf(rule, 1), numbersOf(rule, 2)];
  const axes = numbersOf(rule, 3) ?? starts.map((_, at) => at);
  const steps = numbersOf(rule, 4) ?? starts.map(() => 1);
  const places = dims.map((dim) => Array.from({ length: dim }, (_, at) => at));
  axes.forEach((given, at) => {
    const axis = fromFront(given, dims.length);
    const [dim, step] = [dims[axis] ?? 0, steps[at] ?? 1];
    const clamp = (value: number) =>
      step > 0 ? Math.min(Math.max(value, 0), dim) : Math.min(Math.max(value, -1), dim - 1);
    const end = clamp(fromFront(ends[at] ?? 0, dim));
    const kept: number[] = [];
    const start = Math.max(0, clamp(fromFront(starts[at] ?? 0, dim)));
    for (let k = start; step > 0 ? k < end : k > end; k += step) kept.push(k);
    places[axis] = kept;
  });
  return places;
}

export const sliceReference: Reference = (inputs, rule) => {
  const [x = array([0])] = present(inputs);
  const places = slicePlaces(rule);
  return [
    build(
      places.map(({ length }) => length),
      (index) =>
        valueAt(
          x,
          index.map((at, axis) => places[axis]?.[at] ?? 0),
        ),
    ),
  ];
};

export const concatReference: Reference = (inputs, rule) => {
  const parts = present(inputs);
  const axis = axisOf(rule, 0);
  const owners = parts.flatMap((part) =>
    Array.from({ length: part.dims[axis] ?? 0 }, (_, at) => ({ part, at })),
  );
  const dims = (parts[0]?.dims ?? []).map((dim, other) => (other === axis ? owners.length : dim));
  return [
    build(dims, (index) => {
      const { part, at } = owners[index[axis] ?? 0] ?? { part: array([0]), at: 0 };
      return valueAt(
        part,
        index.map((value, other) => (other === axis ? at : value)),
      );
    }),
  ];
};

/** How long the parts of Split are: given, or as equal as can be with a shorter last one. */
export function splitSizes(rule: RuleCase): number[] {
  const given = numbersOf(rule, 1);
  if (given !== undefined) return given;
  const total = rule.inputs[0]?.dims[axisOf(rule, 0)] ?? 0;
  const each = Math.ceil(total / rule.outputs);
  return Array.from({ length: rule.outputs }, (_, at) => Math.min(each, total - at * each));
}

export const splitReference: Reference = (inputs, rule) => {
  const [x = array([0])] = present(inputs);
  const axis = axisOf(rule, 0);
  let start = 0;
  return splitSizes(rule).map((size) => {
    const from = start;
    start += size;
    return build(
      x.dims.map((dim, other) => (other === axis ? size : dim)),
      (index) =>
        valueAt(
          x,
          index.map((value, other) => (other === axis ? value + from : value)),
        ),
    );
  });
};
