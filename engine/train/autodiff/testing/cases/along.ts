import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { fromFront } from "../../operand.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { nodeOf } from "../reference/matrix.ts";
import { axisOf, numbersOf } from "../reference/shapes.ts";
import { alongReference } from "../reference/views.ts";
import { one } from "./forms.ts";

/** Any axis, from the front, the back or the default, which is the last. */
function softmaxes(opType: string): fc.Arbitrary<RuleCase> {
  return fc.tuple(shapes(1), fc.integer({ min: -4, max: 4 }), seeds).map(([dims, at, seed]) => ({
    opType,
    inputs: [spread(dims, seed, -3, 3)],
    attributes: at === 4 ? [] : [makeInt("axis", at % dims.length)],
    outputs: 1,
    wanted: [0],
    seed,
  }));
}

const cumSums: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1), fc.integer({ min: -4, max: 3 }), fc.boolean(), fc.boolean(), seeds)
  .map(([dims, at, exclusive, reverse, seed]) => ({
    opType: "CumSum",
    inputs: [spread(dims, seed), constants([at % dims.length], [])],
    attributes: [
      ...(exclusive ? [makeInt("exclusive", 1)] : []),
      ...(reverse ? [makeInt("reverse", 1)] : []),
    ],
    outputs: 1,
    wanted: [0],
    seed,
  }));

const lastAxis = (rule: RuleCase) => axisOf(rule, -1);

function cumSumForm(rule: RuleCase): { axis: number; exclusive: boolean; reverse: boolean } {
  const node = nodeOf(rule);
  return {
    axis: fromFront(numbersOf(rule, 1)?.[0] ?? 0, rule.inputs[0]?.dims.length ?? 0),
    exclusive: smallIntAttribute(node, "exclusive") === 1,
    reverse: smallIntAttribute(node, "reverse") === 1,
  };
}

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const exponentials = (line: readonly number[]) => line.map((value) => Math.exp(value));

/** Operators on the values along an axis. */
export const alongChecks: readonly RuleCheck[] = [
  {
    name: "Softmax",
    cases: softmaxes("Softmax"),
    reference: alongReference((line, at) => Math.exp(line[at] ?? 0) / total(exponentials(line)), lastAxis),
    tensorflow: one((x, rule) => {
      const power = tf.exp(x);
      return tf.div(power, tf.sum(power, lastAxis(rule), true));
    }),
  },
  {
    name: "LogSoftmax",
    cases: softmaxes("LogSoftmax"),
    reference: alongReference((line, at) => (line[at] ?? 0) - Math.log(total(exponentials(line))), lastAxis),
    tensorflow: one((x, rule) => tf.sub(x, tf.logSumExp(x, lastAxis(rule), true))),
  },
  {
    name: "CumSum",
    cases: cumSums,
    reference: alongReference(
      (line, at, rule) => {
        const { exclusive, reverse } = cumSumForm(rule);
        return total(line.filter((_, k) => (k === at ? !exclusive : reverse ? k > at : k < at)));
      },
      (rule) => cumSumForm(rule).axis,
    ),
    tensorflow: one((x, rule) => {
      const { axis, exclusive, reverse } = cumSumForm(rule);
      // On the last axis: elsewhere TensorFlow.js's gradient has its axes in another order.
      const last = x.shape.length - 1;
      const swap = x.shape.map((_, at) => (at === axis ? last : at === last ? axis : at));
      return tf.transpose(tf.cumsum(tf.transpose(x, swap), last, exclusive, reverse), swap);
    }),
  },
];
