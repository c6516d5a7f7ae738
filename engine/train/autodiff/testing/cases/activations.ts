import * as tf from "@tensorflow/tfjs";
import type { RuleCheck } from "../check.ts";
import { unaryCheck } from "./forms.ts";

/** Functions between layers. */
export const activationChecks: readonly RuleCheck[] = [
  unaryCheck("Sigmoid", (x) => 1 / (1 + Math.exp(-x)), tf.sigmoid, [-5, 5]),
  unaryCheck("Tanh", Math.tanh, tf.tanh, [-3, 3]),
];
