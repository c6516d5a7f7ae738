import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { broadcastPairs, seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { binaryReference } from "../reference/elementwise.ts";
import { two, unaryCheck } from "./forms.ts";
import { severalChecks } from "./several.ts";

/** Exponents that the model holds: as float or int64, each with a form of its own or without. */
const knownExponents: fc.Arbitrary<RuleCase> = fc
  .tuple(
    shapes(),
    seeds,
    fc.constantFrom(0, 1, 2, 3, 4, -1, -2, 0.5, -0.5, 1.5),
    fc.boolean(),
    fc.constantFrom([], [1], [1, 1]),
  )
  .map(([dims, seed, exponent, asInteger, exponentDims]) => {
    const isWhole = Number.isInteger(exponent);
    const held: CaseInput =
      asInteger && isWhole
        ? constants([exponent], exponentDims)
        : { dims: exponentDims, data: Float64Array.of(exponent), dtype: "float32", isConstant: true };
    const low = isWhole && exponent > 0 ? -2 : 0.3;
    return {
      opType: "Pow",
      inputs: [spread(dims, seed, low), held],
      attributes: [],
      outputs: 1,
      wanted: [0],
      seed,
    };
  });

const movingExponents: fc.Arbitrary<RuleCase> = fc.tuple(broadcastPairs, seeds).map(([[a, b], seed]) => ({
  opType: "Pow",
  inputs: [spread(a, seed, 0.3), spread(b, seed + 1)],
  attributes: [],
  outputs: 1,
  wanted: [0, 1],
  seed,
}));

/** Whole exponents of a tensor that is an input, of numbers of either sign. */
const wholeExponents: fc.Arbitrary<RuleCase> = fc.tuple(broadcastPairs, seeds).map(([[a, b], seed]) => {
  const exponents = spread(b, seed + 1, 0, 5);
  return {
    opType: "Pow",
    inputs: [
      spread(a, seed),
      { ...exponents, data: exponents.data.map(Math.floor), dtype: "int64" as const },
    ],
    attributes: [],
    outputs: 1,
    wanted: [0],
    seed,
  };
});

const powReference = binaryReference((a, b) => a ** b);

/** Functions of mathematics. */
export const mathChecks: readonly RuleCheck[] = [
  unaryCheck("Neg", (x) => -x, tf.neg),
  unaryCheck("Sqrt", Math.sqrt, tf.sqrt, [0.1, 3]),
  unaryCheck("Exp", Math.exp, tf.exp),
  unaryCheck("Log", Math.log, tf.log, [0.1, 3]),
  unaryCheck("Abs", Math.abs, tf.abs),
  unaryCheck("Reciprocal", (x) => 1 / x, tf.reciprocal, [0.2, 2]),
  unaryCheck("Sin", Math.sin, tf.sin, [-4, 4]),
  unaryCheck("Cos", Math.cos, tf.cos, [-4, 4]),
  ...severalChecks,
  { name: "Pow", cases: knownExponents, reference: powReference, tensorflow: two(tf.pow) },
  {
    name: "Pow with a tensor of exponents",
    cases: movingExponents,
    reference: powReference,
    tensorflow: two(tf.pow),
  },
  {
    name: "Pow with a tensor of whole exponents",
    cases: wholeExponents,
    reference: powReference,
    tensorflow: two(tf.pow),
  },
];
