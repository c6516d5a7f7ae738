import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { fromFront } from "../../operand.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { unaryReference } from "../reference/elementwise.ts";
import { numbersOf } from "../reference/shapes.ts";
import {
  flattenedDims,
  permOf,
  reshapedDims,
  transposeReference,
  viewReference,
} from "../reference/views.ts";
import { one, single } from "./forms.ts";

function ofOne(
  opType: string,
  x: CaseInput,
  seed: number,
  others: CaseInput[] = [],
  attributes: Attribute[] = [],
): RuleCase {
  return { opType, inputs: [x, ...others], attributes, outputs: 1, wanted: [0], seed };
}

const transposes = fc
  .tuple(shapes(), fc.array(fc.nat(99), { minLength: 4, maxLength: 4 }), fc.boolean(), seeds)
  .map(([dims, keys, given, seed]) => {
    const perm = dims.map((_, axis) => axis).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
    return ofOne("Transpose", spread(dims, seed), seed, [], given ? [makeInts("perm", perm)] : []);
  });

/** The axes in reverse, one of them to be worked out, the first kept. */
const reshapes = fc.tuple(shapes(1), fc.nat(4), fc.boolean(), seeds).map(([dims, unknown, keep, seed]) => {
  const wanted = dims.toReversed().map((dim, axis) => (axis === unknown ? -1 : dim));
  if (keep && dims[0] === wanted[0]) wanted[0] = 0;
  return ofOne("Reshape", spread(dims, seed), seed, [constants(wanted)]);
});

const flattens = fc.tuple(shapes(1), fc.integer({ min: -4, max: 4 }), seeds).map(([dims, at, seed]) => {
  const axis = Math.max(-dims.length, Math.min(at, dims.length));
  return ofOne("Flatten", spread(dims, seed), seed, [], axis === 1 ? [] : [makeInt("axis", axis)]);
});

/** Shapes with ones between, and where those are. */
const withOnes = fc
  .tuple(shapes(0, 3), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.boolean())
  .map(([dims, ones, fromBack]) => {
    const whole = [...dims.flatMap((dim, at) => (ones[at] ? [1, dim] : [dim])), ...(ones[3] ? [1] : [])];
    const places = whole.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
    return { whole, axes: places.map((axis) => (fromBack ? axis - whole.length : axis)), places };
  });

const squeezes = fc
  .tuple(withOnes, fc.boolean(), seeds)
  .map(([{ whole, axes }, all, seed]) =>
    ofOne("Squeeze", spread(whole, seed), seed, all || axes.length === 0 ? [] : [constants(axes)]),
  );

const unsqueezes = fc.tuple(withOnes, seeds).map(([{ whole, axes, places }, seed]) =>
  ofOne(
    "Unsqueeze",
    spread(
      whole.filter((_, axis) => !places.includes(axis)),
      seed,
    ),
    seed,
    [constants(axes)],
  ),
);

function squeezedDims(rule: RuleCase, dims: readonly number[]): number[] {
  const axes = numbersOf(rule, 1)?.map((axis) => fromFront(axis, dims.length));
  return dims.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis)));
}

function unsqueezedDims(rule: RuleCase, dims: readonly number[]): number[] {
  const given = numbersOf(rule, 1) ?? [];
  const rank = dims.length + given.length;
  const axes = given.map((axis) => fromFront(axis, rank));
  const rest = [...dims];
  return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1)));
}

function view(
  name: string,
  cases: fc.Arbitrary<RuleCase>,
  shape: (rule: RuleCase, dims: readonly number[]) => number[],
): RuleCheck {
  return {
    name,
    cases,
    reference: viewReference(shape),
    tensorflow: one((x, rule) => tf.reshape(x, shape(rule, x.shape))),
  };
}

/** The same values in another shape or order. */
export const viewChecks: readonly RuleCheck[] = [
  {
    name: "Transpose",
    cases: transposes,
    reference: transposeReference,
    tensorflow: one((x, rule) => tf.transpose(x, permOf(rule))),
  },
  view("Reshape", reshapes, reshapedDims),
  view("Flatten", flattens, flattenedDims),
  view("Squeeze", squeezes, squeezedDims),
  view("Unsqueeze", unsqueezes, unsqueezedDims),
  {
    name: "Identity",
    cases: single("Identity"),
    reference: unaryReference((x) => x),
    tensorflow: one((x) => x.clone()),
  },
  {
    name: "Dropout",
    cases: single("Dropout"),
    reference: unaryReference((x) => x),
    tensorflow: one((x) => x.clone()),
  },
];
