import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { broadcastPairs, seeds, shapes } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { binaryReference, unaryReference } from "../reference/elementwise.ts";

function pairs(opType: string, low?: number): fc.Arbitrary<RuleCase> {
  return fc.tuple(broadcastPairs, seeds).map(([[a, b], seed]) => ({
    opType,
    inputs: [spread(a, seed), spread(b, seed + 1, low)],
    attributes: [],
    outputs: 1,
    wanted: [0, 1],
    seed,
  }));
}

function single(opType: string): fc.Arbitrary<RuleCase> {
  return fc.tuple(shapes(), seeds).map(([dims, seed]) => ({
    opType,
    inputs: [spread(dims, seed)],
    attributes: [],
    outputs: 1,
    wanted: [0],
    seed,
  }));
}

const two =
  (compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
  ([a, b]: readonly tf.Tensor[]) => [compute(a as tf.Tensor, b as tf.Tensor)];

/** Operators on each value, or on pairs with broadcasting. */
export const elementwiseChecks: readonly RuleCheck[] = [
  {
    name: "Add",
    cases: pairs("Add"),
    reference: binaryReference((a, b) => a + b),
    tensorflow: two((a, b) => tf.add(a, b)),
  },
  {
    name: "Sub",
    cases: pairs("Sub"),
    reference: binaryReference((a, b) => a - b),
    tensorflow: two((a, b) => tf.sub(a, b)),
  },
  {
    name: "Mul",
    cases: pairs("Mul"),
    reference: binaryReference((a, b) => a * b),
    tensorflow: two((a, b) => tf.mul(a, b)),
  },
  {
    name: "Div",
    cases: pairs("Div", 0.5),
    reference: binaryReference((a, b) => a / b),
    tensorflow: two((a, b) => tf.div(a, b)),
  },
  {
    name: "Relu",
    cases: single("Relu"),
    reference: unaryReference((x) => Math.max(x, 0)),
    tensorflow: ([x]) => [tf.relu(x as tf.Tensor)],
  },
];
