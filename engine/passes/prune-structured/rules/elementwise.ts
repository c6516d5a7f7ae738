import type { Axes, Axis } from "../units.ts";
import { type AxesRule, fixedAxes, type Visit } from "../visit.ts";

/** Operators whose inputs are combined element by element, with NumPy's broadcasting. */
const combining = [
  ..."Add Sub Mul Div Pow Mod Max Min Sum Mean PRelu And Or Xor Equal Greater Less".split(" "),
  ..."GreaterOrEqual LessOrEqual Where BitwiseAnd BitwiseOr BitwiseXor".split(" "),
];

/** Operators that map each element of the first input on its own; other inputs are single numbers. */
const mapping = [
  ..."Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Mish Softplus Softsign Tanh Erf Gelu".split(
    " ",
  ),
  ..."ThresholdedRelu Shrink Swish Abs Neg Exp Log Sqrt Reciprocal Sign Floor Ceil Round Sin Cos Tan".split(
    " ",
  ),
  ..."Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Not IsNaN IsInf Clip Cast CastLike Identity Dropout".split(
    " ",
  ),
];

/**
 * The axes of several values that are broadcast against each other, axis by axis from the end. What is 1 long takes
 * part in none; the others are the same units.
 */
export function broadcastAxes(visit: Visit, parts: readonly { axes: Axes; position: number }[]): Axes {
  const rank = Math.max(0, ...parts.map(({ axes }) => axes.length));
  return Array.from({ length: rank }, (_, at) => {
    const back = at - rank;
    let found: Axis | undefined;
    let fixed = false;
    for (const { axes, position } of parts) {
      if (axes.length < -back) continue;
      const axis = axes.at(back);
      if (axis === undefined) fixed ||= visit.shape(position)?.at(back) !== 1;
      else if (found === undefined) found = axis;
      else visit.join(found, axis);
    }
    if (fixed) visit.join(found, undefined);
    return fixed ? undefined : found;
  });
}

/** True where the rank of every input is known: without it nobody knows which axes meet. */
export function ranksKnown(visit: Visit): boolean {
  return visit.node.input.every((_, position) => !visit.has(position) || visit.rank(position) !== undefined);
}

const combine: AxesRule = (visit) => {
  // Below opset 7 an attribute tells which axes of the second input meet which of the first.
  const old = visit.int("broadcast") === 1 || visit.int("axis") !== undefined;
  if (old || !ranksKnown(visit)) return [];
  return [
    broadcastAxes(
      visit,
      visit.node.input.map((_, position) => ({ axes: visit.axes(position), position })),
    ),
  ];
};

const map: AxesRule = (visit) => {
  const axes = visit.axes(0);
  const mask = visit.node.opType === "Dropout" && visit.hasOutput(1);
  return mask ? [axes, axes] : [axes];
};

/** BiasGelu and FastGelu of com.microsoft: the sum of both inputs is mapped. */
export const biased: AxesRule = (visit) => combine(visit);

/** Softmax and its relatives share a sum over one axis, or below opset 13 over all axes from one on. */
const share: AxesRule = (visit) => {
  const rank = visit.rank(0);
  if (rank === undefined) return [];
  const old = visit.opset < 13;
  const given = visit.int("axis") ?? (old ? 1 : -1);
  const from = given < 0 ? given + rank : given;
  const axes = visit.axes(0).map((axis, at) => {
    if (at !== from && !(old && at > from)) return axis;
    visit.lock(axis, "normalises");
    return undefined;
  });
  return [axes];
};

const expand: AxesRule = (visit) => {
  const [from, to] = [visit.shape(0), visit.outputShape(0)];
  if (from === undefined || to === undefined) return [];
  const wanted = visit.info(1)?.values;
  return [
    fixedAxes(to).map((_, at) => {
      const axis = visit.axis(0, at - to.length);
      // 1 in the wanted shape leaves the size as it is; a number would have to change with it.
      const entry = wanted?.at(at - to.length);
      if (axis === undefined || at < to.length - from.length) return undefined;
      if (wanted !== undefined && (entry === 1 || wanted.length < to.length - at)) return axis;
      const follows = visit.sizes(1)?.at(at - to.length) === axis;
      if (follows) return axis;
      visit.lock(axis, "expandsFixed");
      return undefined;
    }),
  ];
};

export const elementwiseRules: Record<string, AxesRule> = {
  ...Object.fromEntries(combining.map((name) => [name, combine])),
  ...Object.fromEntries(mapping.map((name) => [name, map])),
  Softmax: share,
  LogSoftmax: share,
  Hardmax: share,
  Expand: expand,
};
