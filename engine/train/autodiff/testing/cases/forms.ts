import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import type { Attribute } from "#engine/onnx/model.ts";
import { broadcastPairs, seeds, shapes } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { unaryReference } from "../reference/elementwise.ts";
import type { TensorFlowForward } from "../tensorflow.ts";

/** Range of the values of an input. */
export type Between = readonly [low: number, high: number];

/** An operator on each value of one input of any shape. */
export function single(
  opType: string,
  [low, high]: Between = [-2, 2],
  attributes: Attribute[] = [],
): fc.Arbitrary<RuleCase> {
  return fc.tuple(shapes(), seeds).map(([dims, seed]) => ({
    opType,
    inputs: [spread(dims, seed, low, high)],
    attributes,
    outputs: 1,
    wanted: [0],
    seed,
  }));
}

/** An operator on two inputs with broadcasting. */
export function pairs(opType: string, first: Between, second: Between): fc.Arbitrary<RuleCase> {
  return fc.tuple(broadcastPairs, seeds).map(([[a, b], seed]) => ({
    opType,
    inputs: [spread(a, seed, ...first), spread(b, seed + 1, ...second)],
    attributes: [],
    outputs: 1,
    wanted: [0, 1],
    seed,
  }));
}

/** An operator of TensorFlow.js on the first input. */
export function one(compute: (x: tf.Tensor, rule: RuleCase) => tf.Tensor): TensorFlowForward {
  return ([x = tf.scalar(0)], rule) => [compute(x, rule)];
}

/** An operator of TensorFlow.js on the first two inputs. */
export function two(compute: (a: tf.Tensor, b: tf.Tensor, rule: RuleCase) => tf.Tensor): TensorFlowForward {
  return ([a = tf.scalar(0), b = tf.scalar(0)], rule) => [compute(a, b, rule)];
}

/** The check of a function of one value. */
export function unaryCheck(
  opType: string,
  value: (x: number) => number,
  tensorflow: ((x: tf.Tensor) => tf.Tensor) | undefined,
  between?: Between,
): RuleCheck {
  return {
    name: opType,
    cases: single(opType, between),
    reference: unaryReference(value),
    ...(tensorflow === undefined ? {} : { tensorflow: one(tensorflow) }),
  };
}
