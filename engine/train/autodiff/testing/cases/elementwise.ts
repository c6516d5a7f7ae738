import * as tf from "@tensorflow/tfjs";
import type { RuleCheck } from "../check.ts";
import { binaryReference, unaryReference } from "../reference/elementwise.ts";
import { type Between, one, pairs, single, two } from "./forms.ts";

const any: Between = [-2, 2];

/** Operators on each value, or on pairs with broadcasting. */
export const elementwiseChecks: readonly RuleCheck[] = [
  {
    name: "Add",
    cases: pairs("Add", any, any),
    reference: binaryReference((a, b) => a + b),
    tensorflow: two(tf.add),
  },
  {
    name: "Sub",
    cases: pairs("Sub", any, any),
    reference: binaryReference((a, b) => a - b),
    tensorflow: two(tf.sub),
  },
  {
    name: "Mul",
    cases: pairs("Mul", any, any),
    reference: binaryReference((a, b) => a * b),
    tensorflow: two(tf.mul),
  },
  {
    name: "Div",
    cases: pairs("Div", any, [0.5, 2]),
    reference: binaryReference((a, b) => a / b),
    tensorflow: two(tf.div),
  },
  {
    name: "Relu",
    cases: single("Relu"),
    reference: unaryReference((x) => Math.max(x, 0)),
    tensorflow: one((x) => tf.relu(x)),
  },
];
