import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { reducedAxes, reductionReference } from "../reference/reductions.ts";
import { type Between, one } from "./forms.ts";

type AxesForm = "input" | "attribute";

/**
 * Any axes, from the front or the back; none, which is all of them, or nothing to do; kept or gone.
 *
 * @param canDoNothing whether `noop_with_empty_axes` hands the input on
 */
function reductions(
  opType: string,
  [low, high]: Between,
  canDoNothing: boolean,
  form: AxesForm,
): fc.Arbitrary<RuleCase> {
  return fc
    .tuple(
      shapes(1),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      fc.constantFrom(0, 1, undefined),
      fc.nat(5),
      seeds,
    )
    .map(([dims, chosen, fromBack, keep, rare, seed]) => {
      const axes = dims.flatMap((_, axis) => (chosen[axis] ? [fromBack ? axis - dims.length : axis] : []));
      const noop = canDoNothing && rare === 0;
      const given = noop || rare === 1 ? [] : axes;
      const hasAxes = given.length > 0 || (rare === 2 && form === "input");
      return {
        opType,
        inputs: [spread(dims, seed, low, high), ...(form === "input" && hasAxes ? [constants(given)] : [])],
        attributes: [
          ...(keep === undefined ? [] : [makeInt("keepdims", keep)]),
          ...(noop ? [makeInt("noop_with_empty_axes", 1)] : []),
          ...(form === "attribute" && hasAxes ? [makeInts("axes", given)] : []),
        ],
        outputs: 1,
        wanted: [0],
        seed,
      };
    });
}

interface Options {
  readonly between?: Between;
  readonly canDoNothing?: boolean;
}

function check(
  opType: string,
  fold: (values: readonly number[]) => number,
  theirs: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
  { between = [-2, 2], canDoNothing = false }: Options = {},
): RuleCheck {
  return {
    name: opType,
    cases: reductions(opType, between, canDoNothing, "input"),
    reference: reductionReference(fold),
    tensorflow: one((x, rule) => {
      const { axes, keep } = reducedAxes(rule);
      return axes.length === 0 ? x.clone() : theirs(x, axes, keep);
    }),
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const product = (values: readonly number[]) => values.reduce((a, b) => a * b, 1);

export const reductionChecks: readonly RuleCheck[] = [
  check("ReduceSum", sum, tf.sum, { canDoNothing: true }),
  check("ReduceMean", mean, tf.mean, { canDoNothing: true }),
  {
    ...check("ReduceMean", mean, tf.mean),
    name: "ReduceMean with an attribute",
    cases: reductions("ReduceMean", [-2, 2], false, "attribute"),
    opset: 17,
  },
  check("ReduceMax", (values) => Math.max(...values), tf.max, { canDoNothing: true }),
  check("ReduceMin", (values) => Math.min(...values), tf.min, { canDoNothing: true }),
  check("ReduceProd", product, tf.prod, { between: [0.5, 1.2], canDoNothing: true }),
  check(
    "ReduceL1",
    (values) => sum(values.map(Math.abs)),
    (x, axes, keep) => tf.sum(tf.abs(x), axes, keep),
  ),
  check(
    "ReduceL2",
    (values) => Math.hypot(...values),
    (x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep)),
  ),
  check(
    "ReduceSumSquare",
    (values) => sum(values.map((value) => value ** 2)),
    (x, axes, keep) => tf.sum(tf.square(x), axes, keep),
  ),
  check(
    "ReduceLogSum",
    (values) => Math.log(sum(values)),
    (x, axes, keep) => tf.log(tf.sum(x, axes, keep)),
    { between: [0.2, 3] },
  ),
  check("ReduceLogSumExp", (values) => Math.log(sum(values.map(Math.exp))), tf.logSumExp),
];
