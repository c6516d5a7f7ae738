import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { seeds } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { gemmReference, matmulReference } from "../reference/matrix.ts";

const size = fc.integer({ min: 1, max: 4 });

/** Matrices with leading axes that are missing, 1 or broadcast on either side; now and then a vector. */
const products: fc.Arbitrary<RuleCase> = fc
  .tuple(size, size, size, fc.array(size, { maxLength: 2 }), fc.nat(3), fc.nat(3), fc.nat(9), seeds)
  .map(([m, k, n, outer, cutA, cutB, form, seed]) => {
    const side = (cut: number, ones: boolean) =>
      outer.slice(Math.min(cut, outer.length)).map((dim) => (ones ? 1 : dim));
    const a = form === 0 ? [k] : [...side(cutA, form === 1), m, k];
    const b = form === 2 ? [k] : [...side(cutB, form === 3), k, n];
    return {
      opType: "MatMul",
      inputs: [spread(a, seed), spread(b, seed + 1)],
      attributes: [],
      outputs: 1,
      wanted: [0, 1],
      seed,
    };
  });

const gemms: fc.Arbitrary<RuleCase> = fc
  .tuple(
    size,
    size,
    size,
    fc.boolean(),
    fc.boolean(),
    fc.nat(4),
    fc.constantFrom(1, 0.5),
    fc.constantFrom(1, 2),
    seeds,
  )
  .map(([m, k, n, flipA, flipB, bias, alpha, beta, seed]) => {
    const c = [undefined, [n], [1, n], [m, 1], [m, n]][bias];
    return {
      opType: "Gemm",
      inputs: [
        spread(flipA ? [k, m] : [m, k], seed),
        spread(flipB ? [n, k] : [k, n], seed + 1),
        ...(c === undefined ? [] : [spread(c, seed + 2)]),
      ],
      attributes: [
        makeInt("transA", flipA ? 1 : 0),
        makeInt("transB", flipB ? 1 : 0),
        makeFloat("alpha", alpha),
        makeFloat("beta", beta),
      ],
      outputs: 1,
      wanted: c === undefined ? [0, 1] : [0, 1, 2],
      seed,
    };
  });

export const matrixChecks: readonly RuleCheck[] = [
  { name: "MatMul", cases: products, reference: matmulReference },
  {
    name: "Gemm",
    cases: gemms,
    reference: gemmReference,
    tensorflow: ([a, b, c], { attributes }) => {
      const of = (name: string) => attributes.find((attribute) => attribute.name === name);
      const [flipA, flipB] = [of("transA")?.i === 1n, of("transB")?.i === 1n];
      const product = tf.mul(
        tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, flipA, flipB),
        of("alpha")?.f ?? 1,
      );
      return [c === undefined ? product : tf.add(product, tf.mul(c, of("beta")?.f ?? 1))];
    },
  },
];
