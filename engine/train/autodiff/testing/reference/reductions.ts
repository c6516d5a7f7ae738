import { smallIntAttribute, smallIntsAttribute } from "#engine/onnx/attributes.ts";
import { fromFront, sizeOf } from "../../operand.ts";
import { array, forEachIndex, placeOf, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";

/** The axes that a case reduces, counted from the front, and whether they stay with size 1. */
export function reducedAxes(rule: RuleCase): { axes: number[]; keep: boolean } {
  const node = nodeOf(rule);
  const rank = rule.inputs[0]?.dims.length ?? 0;
  const given = [...(rule.inputs[1]?.data ?? smallIntsAttribute(node, "axes") ?? [])];
  const none = smallIntAttribute(node, "noop_with_empty_axes") === 1;
  const all = Array.from({ length: rank }, (_, axis) => axis);
  return {
    axes: given.length > 0 ? given.map((axis) => fromFront(axis, rank)) : none ? [] : all,
    keep: smallIntAttribute(node, "keepdims") !== 0,
  };
}

/** A reduction by what it makes of the values that become one. */
export function reductionReference(fold: (values: readonly number[]) => number): Reference {
  return (inputs, rule) => {
    const [x = array([0])] = present(inputs);
    const { axes, keep } = reducedAxes(rule);
    const kept = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
    forEachIndex(x.dims, (index) => {
      groups[placeOf(kept, index)]?.push(valueAt(x, index));
    });
    const dims = keep ? kept : x.dims.filter((_, axis) => !axes.includes(axis));
    return [array(dims, Float64Array.from(groups, fold))];
  };
}
