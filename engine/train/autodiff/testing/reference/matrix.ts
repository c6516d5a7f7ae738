import { floatAttribute, makeNode, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { broadcastDims } from "../../operand.ts";
import { build, type NdArray, valueAt } from "../array.ts";
import type { RuleCase } from "../case.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";

/** The node of a case, for reading its attributes. */
export function nodeOf({ opType, attributes }: RuleCase) {
  return makeNode(opType, [], [], { attribute: attributes });
}

export const matmulReference: Reference = (inputs) => {
  const [first, second] = present(inputs);
  if (first === undefined || second === undefined) return [];
  const a: NdArray = first.dims.length === 1 ? { ...first, dims: [1, ...first.dims] } : first;
  const b: NdArray = second.dims.length === 1 ? { ...second, dims: [...second.dims, 1] } : second;
  const inner = a.dims.at(-1) ?? 1;
  const outer = broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2));
  const whole = build([...outer, a.dims.at(-2) ?? 1, b.dims.at(-1) ?? 1], (index) => {
    const [row = 0, column = 0] = index.slice(-2);
    const lead = index.slice(0, -2);
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += valueAt(a, [...lead, row, k]) * valueAt(b, [...lead, k, column]);
    return sum;
  });
  const dims = [
    ...outer,
    ...(first.dims.length === 1 ? [] : a.dims.slice(-2, -1)),
    ...(second.dims.length === 1 ? [] : b.dims.slice(-1)),
  ];
  return [{ dims, data: whole.data }];
};

export const gemmReference: Reference = (inputs, rule) => {
  const node = nodeOf(rule);
  const [a, b, c] = inputs;
  if (!a || !b) return [];
  const [flipA, flipB] = [smallIntAttribute(node, "transA") === 1, smallIntAttribute(node, "transB") === 1];
  const [alpha, beta] = [floatAttribute(node, "alpha") ?? 1, floatAttribute(node, "beta") ?? 1];
  const rows = a.dims[flipA ? 1 : 0] ?? 1;
  const inner = a.dims[flipA ? 0 : 1] ?? 1;
  const columns = b.dims[flipB ? 0 : 1] ?? 1;
  return [
    build([rows, columns], ([row = 0, column = 0]) => {
      let sum = 0;
      for (let k = 0; k < inner; k++)
        sum += valueAt(a, flipA ? [k, row] : [row, k]) * valueAt(b, flipB ? [column, k] : [k, column]);
      return alpha * sum + (c ? beta * valueAt(c, [row, column]) : 0);
    }),
  ];
};
