import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt, makeString, smallIntAttribute, stringAttribute } from "#engine/onnx/attributes.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { nodeOf } from "../reference/matrix.ts";
import {
  depthToSpaceReference,
  expandReference,
  isKept,
  spaceToDepthReference,
  tileReference,
  triluReference,
} from "../reference/repeats.ts";
import { numbersOf } from "../reference/shapes.ts";
import { one } from "./forms.ts";

function ofOne(
  x: CaseInput,
  seed: number,
  opType: string,
  others: CaseInput[],
  attributes: Attribute[] = [],
): RuleCase {
  return { opType, inputs: [x, ...others], attributes, outputs: 1, wanted: [0], seed };
}

const flags = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });

/** Axes of size 1, missing axes in front, and a wanted shape that has ones itself. */
const expands = fc.tuple(shapes(), flags, flags, fc.nat(4), seeds).map(([dims, ones, lazy, cut, seed]) => {
  const own = dims.map((dim, axis) => (ones[axis] ? 1 : dim)).slice(Math.min(cut, dims.length));
  const wanted = dims.map((dim, axis) => (lazy[axis] && !ones[axis] && axis >= cut ? 1 : dim));
  return ofOne(spread(own, seed), seed, "Expand", [constants(wanted)]);
});

const tiles = fc
  .tuple(shapes(1, 3, 3), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }), seeds)
  .map(([dims, repeats, seed]) =>
    ofOne(spread(dims, seed), seed, "Tile", [constants(repeats.slice(0, dims.length))]),
  );

const trilus = fc
  .tuple(shapes(2), fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1, undefined), fc.boolean(), seeds)
  .map(([dims, k, upper, given, seed]) =>
    ofOne(
      spread(dims, seed),
      seed,
      "Trilu",
      given ? [constants([k], [])] : [],
      upper === undefined ? [] : [makeInt("upper", upper)],
    ),
  );

const small = fc.integer({ min: 1, max: 2 });

const deep = fc
  .tuple(small, small, small, small, fc.integer({ min: 1, max: 3 }), fc.constantFrom("DCR", "CRD", ""), seeds)
  .map(([batch, channels, height, width, block, mode, seed]) =>
    ofOne(
      spread([batch, channels * block ** 2, height, width], seed),
      seed,
      "DepthToSpace",
      [],
      [makeInt("blocksize", block), ...(mode === "" ? [] : [makeString("mode", mode)])],
    ),
  );

const spacious = fc
  .tuple(small, small, small, small, fc.integer({ min: 1, max: 3 }), seeds)
  .map(([batch, channels, height, width, block, seed]) =>
    ofOne(
      spread([batch, channels, height * block, width * block], seed),
      seed,
      "SpaceToDepth",
      [],
      [makeInt("blocksize", block)],
    ),
  );

function blockOf(rule: RuleCase): number {
  return smallIntAttribute(nodeOf(rule), "blocksize") ?? 1;
}

/** Repeated values, and values that are dropped or moved in blocks. */
export const repeatChecks: readonly RuleCheck[] = [
  {
    name: "Expand",
    cases: expands,
    reference: expandReference,
    // As a product: TensorFlow.js's broadcastTo does not take ones in the wanted shape.
    tensorflow: one((x, rule) => tf.mul(x, tf.ones(numbersOf(rule, 1) ?? []))),
  },
  {
    name: "Tile",
    cases: tiles,
    reference: tileReference,
    tensorflow: one((x, rule) => tf.tile(x, numbersOf(rule, 1) ?? [])),
  },
  {
    name: "Trilu",
    cases: trilus,
    reference: triluReference,
    tensorflow: one((x, rule) => {
      const [rows = 1, columns = 1] = x.shape.slice(-2);
      const mask = Array.from({ length: rows * columns }, (_, at) =>
        isKept(rule, Math.floor(at / columns), at % columns) ? 1 : 0,
      );
      return tf.mul(x, tf.tensor2d(mask, [rows, columns]));
    }),
  },
  {
    name: "DepthToSpace",
    cases: deep,
    reference: depthToSpaceReference,
    tensorflow: one((x, rule) => {
      const [n = 1, depth = 1, height = 1, width = 1] = x.shape;
      const block = blockOf(rule);
      const channels = depth / block ** 2;
      const isCrd = stringAttribute(nodeOf(rule), "mode") === "CRD";
      const split = isCrd
        ? [n, channels, block, block, height, width]
        : [n, block, block, channels, height, width];
      const order = isCrd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
      const moved = tf.transpose(tf.reshape(x, split), order);
      return tf.reshape(moved, [n, channels, height * block, width * block]);
    }),
  },
  {
    name: "SpaceToDepth",
    cases: spacious,
    reference: spaceToDepthReference,
    tensorflow: one((x, rule) => {
      const [n = 1, channels = 1, height = 1, width = 1] = x.shape;
      const block = blockOf(rule);
      const split = [n, channels, height / block, block, width / block, block];
      const moved = tf.transpose(tf.reshape(x, split), [0, 3, 5, 1, 2, 4]);
      return tf.reshape(moved, [n, channels * block ** 2, height / block, width / block]);
    }),
  },
];
