import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeFloat } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { binaryReference, unaryReference } from "../reference/elementwise.ts";
import { erf } from "../reference/erf.ts";
import { type Between, one, single, two, unaryCheck } from "./forms.ts";
import { geluChecks } from "./gelu.ts";

const wide: Between = [-5, 5];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** A function with attributes that are not the defaults. */
function tuned(
  opType: string,
  parameters: Readonly<Record<string, number>>,
  value: (x: number) => number,
  tensorflow: (x: tf.Tensor) => tf.Tensor,
  opset = 18,
): RuleCheck {
  const attributes = Object.entries(parameters).map(([name, number]) => makeFloat(name, number));
  return {
    name: `${opType} with ${Object.entries(parameters).flat().join(" ")}`,
    cases: single(opType, wide, attributes),
    reference: unaryReference(value),
    tensorflow: one(tensorflow),
    opset,
  };
}

/** A slope for each value, each channel or all: shapes that broadcast to x's. */
const slopes: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1), fc.nat(4), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), seeds)
  .map(([dims, cut, ones, seed]) => {
    const slope = dims.map((dim, axis) => (ones[axis] ? 1 : dim)).slice(Math.min(cut, dims.length));
    return {
      opType: "PRelu",
      inputs: [spread(dims, seed), spread(slope, seed + 1)],
      attributes: [],
      outputs: 1,
      wanted: [0, 1],
      seed,
    };
  });

/** TensorFlow.js by parts, as a formula on tensors. */
const rectified = (x: tf.Tensor, below: tf.Tensor) => tf.where(tf.greaterEqual(x, 0), x, below);

/** Functions between layers. */
export const activationChecks: readonly RuleCheck[] = [
  unaryCheck("Sigmoid", sigmoid, tf.sigmoid, wide),
  unaryCheck("Tanh", Math.tanh, tf.tanh, [-3, 3]),
  unaryCheck(
    "LeakyRelu",
    (x) => (x > 0 ? x : 0.01 * x),
    (x) => tf.leakyRelu(x, 0.01),
  ),
  tuned(
    "LeakyRelu",
    { alpha: 0.3 },
    (x) => (x > 0 ? x : 0.3 * x),
    (x) => tf.leakyRelu(x, 0.3),
  ),
  tuned(
    "LeakyRelu",
    { alpha: 1.5 },
    (x) => (x > 0 ? x : 1.5 * x),
    (x) => tf.leakyRelu(x, 1.5),
  ),
  {
    name: "PRelu",
    cases: slopes,
    reference: binaryReference((x, slope) => (x < 0 ? x * slope : x)),
    tensorflow: two(tf.prelu),
  },
  unaryCheck("Elu", (x) => (x > 0 ? x : Math.expm1(x)), tf.elu),
  tuned(
    "Elu",
    { alpha: 0.5 },
    (x) => (x > 0 ? x : 0.5 * Math.expm1(x)),
    (x) => rectified(x, tf.mul(0.5, tf.expm1(x))),
  ),
  unaryCheck("Selu", (x) => 1.0507010221481323 * (x > 0 ? x : 1.6732631921768188 * Math.expm1(x)), tf.selu),
  tuned(
    "Selu",
    { alpha: 1.5, gamma: 2 },
    (x) => 2 * (x > 0 ? x : 1.5 * Math.expm1(x)),
    (x) => tf.mul(2, rectified(x, tf.mul(1.5, tf.expm1(x)))),
  ),
  tuned(
    "Celu",
    { alpha: 2 },
    (x) => (x > 0 ? x : 2 * Math.expm1(x / 2)),
    (x) => rectified(x, tf.mul(2, tf.expm1(tf.div(x, 2)))),
  ),
  unaryCheck("Erf", erf, tf.erf, [-3, 3]),
  ...geluChecks,
  unaryCheck(
    "HardSigmoid",
    (x) => clamp(0.2 * x + 0.5, 0, 1),
    (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
    wide,
  ),
  tuned(
    "HardSigmoid",
    { alpha: 0.31, beta: 0.4 },
    (x) => clamp(0.31 * x + 0.4, 0, 1),
    (x) => tf.clipByValue(tf.add(tf.mul(x, 0.31), 0.4), 0, 1),
  ),
  unaryCheck(
    "HardSwish",
    (x) => x * clamp(x / 6 + 0.5, 0, 1),
    (x) => tf.mul(x, tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)),
    wide,
  ),
  tuned(
    "Swish",
    { alpha: 1 },
    (x) => x * sigmoid(x),
    (x) => tf.mul(x, tf.sigmoid(x)),
    24,
  ),
  tuned(
    "Swish",
    { alpha: 1.7 },
    (x) => x * sigmoid(1.7 * x),
    (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.7))),
    24,
  ),
  unaryCheck("Softplus", softplus, tf.softplus, wide),
  unaryCheck(
    "Softsign",
    (x) => x / (1 + Math.abs(x)),
    (x) => tf.div(x, tf.add(1, tf.abs(x))),
  ),
  unaryCheck(
    "Mish",
    (x) => x * Math.tanh(softplus(x)),
    (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
    wide,
  ),
  tuned(
    "ThresholdedRelu",
    { alpha: 0.7 },
    (x) => (x > 0.7 ? x : 0),
    (x) => tf.where(tf.greaterEqual(x, 0.7), x, tf.zerosLike(x)),
  ),
];
