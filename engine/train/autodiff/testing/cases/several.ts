import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { clipReference, severalReference, whereReference } from "../reference/several.ts";

/** Up to four shapes that broadcast to one; values of different inputs are apart too. */
function several(opType: string): fc.Arbitrary<RuleCase> {
  const form = fc.tuple(fc.nat(4), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }));
  return fc
    .tuple(shapes(0, 3), fc.array(form, { minLength: 1, maxLength: 4 }), fc.boolean(), seeds)
    .map(([dims, forms, all, seed]) => ({
      opType,
      inputs: forms.map(([cut, ones], at) => {
        const shape = dims.map((dim, axis) => (ones[axis] ? 1 : dim)).slice(Math.min(cut, dims.length));
        const input = spread(shape, seed + at);
        return { ...input, data: input.data.map((value) => Math.fround(value + at * 0.0037)) };
      }),
      attributes: [],
      outputs: 1,
      wanted: forms.flatMap((_, at) => (all || at !== 1 ? [at] : [])),
      seed,
    }));
}

const wheres: fc.Arbitrary<RuleCase> = several("Where").map((rule) => {
  const [a = spread([], 1), b = a, condition = a] = rule.inputs.flatMap((input) => (input ? [input] : []));
  const chosen: CaseInput = {
    ...condition,
    dtype: "bool",
    data: condition.data.map((value) => (value > 0.1 ? 1 : 0)),
  };
  return { ...rule, inputs: [chosen, a, b], wanted: rule.wanted.includes(1) ? [1, 2] : [2] };
});

/** Limits that are absent, held by the model or moving. */
const clips: fc.Arbitrary<RuleCase> = fc
  .tuple(
    shapes(),
    fc.constantFrom("none", "held", "moving"),
    fc.constantFrom("none", "held", "moving"),
    seeds,
  )
  .map(([dims, low, high, seed]) => {
    const limit = (form: string, value: number): CaseInput | null =>
      form === "none"
        ? null
        : { dims: [], data: Float64Array.of(value), dtype: "float32", isConstant: form === "held" };
    const inputs = [spread(dims, seed), limit(low, Math.fround(-0.6137)), limit(high, Math.fround(1.1173))];
    while (inputs.at(-1) === null) inputs.pop();
    return {
      opType: "Clip",
      inputs,
      attributes: [],
      outputs: 1,
      wanted: [0, ...(low === "moving" ? [1] : []), ...(high === "moving" ? [2] : [])],
      seed,
    };
  });

/** TensorFlow.js's own maximum and minimum have gradients of a wrong shape where a number meets one value. */
const larger = (a: tf.Tensor, b: tf.Tensor) => tf.div(tf.add(tf.add(a, b), tf.abs(tf.sub(a, b))), 2);
const smaller = (a: tf.Tensor, b: tf.Tensor) => tf.div(tf.sub(tf.add(a, b), tf.abs(tf.sub(a, b))), 2);

/** Operators with several inputs on each value. */
export const severalChecks: readonly RuleCheck[] = [
  {
    name: "Sum",
    cases: several("Sum"),
    reference: severalReference((values) => values.reduce((a, b) => a + b, 0)),
    tensorflow: (inputs) => [inputs.reduce((a, b) => tf.add(a, b))],
  },
  {
    name: "Mean",
    cases: several("Mean"),
    reference: severalReference((values) => values.reduce((a, b) => a + b, 0) / values.length),
    tensorflow: (inputs) => [
      tf.div(
        inputs.reduce((a, b) => tf.add(a, b)),
        inputs.length,
      ),
    ],
  },
  {
    name: "Max",
    cases: several("Max"),
    reference: severalReference((values) => Math.max(...values)),
    tensorflow: (inputs) => [inputs.reduce(larger).mul(1)],
  },
  {
    name: "Min",
    cases: several("Min"),
    reference: severalReference((values) => Math.min(...values)),
    tensorflow: (inputs) => [inputs.reduce(smaller).mul(1)],
  },
  {
    name: "Where",
    cases: wheres,
    reference: whereReference,
    // tf.where does not broadcast all three.
    tensorflow: ([condition = tf.scalar(0), a = tf.scalar(0), b = tf.scalar(0)]) => [
      tf.add(tf.mul(condition, a), tf.mul(tf.sub(1, condition), b)),
    ],
  },
  {
    name: "Clip",
    cases: clips,
    reference: clipReference,
    tensorflow: ([x = tf.scalar(0), low, high], { inputs }) => {
      const raised = inputs[1] && low ? larger(x, low) : x;
      return [inputs[2] && high ? smaller(raised, high) : raised.mul(1)];
    },
  },
];
