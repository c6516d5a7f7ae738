import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import {
  axisOf,
  concatReference,
  slicePlaces,
  sliceReference,
  splitReference,
  splitSizes,
} from "../reference/shapes.ts";

/** How models ask for everything up to the end; with a negative step, minus this. */
const far = 2 ** 31 - 1;

/** Starts and ends before, inside and beyond; steps forwards and backwards; axes in any order or left out. */
const slices: fc.Arbitrary<RuleCase> = fc
  .tuple(
    shapes(1, 3, 6),
    fc.array(
      fc.tuple(
        fc.integer({ min: -8, max: 8 }),
        fc.oneof(fc.integer({ min: -8, max: 8 }), fc.constantFrom(far, -far)),
        fc.constantFrom(1, 1, 2, 3, -1, -2, -7),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.nat(3),
    seeds,
  )
  .map(([dims, wanted, form, seed]) => {
    const spans = wanted.slice(0, dims.length);
    const axes = spans.map((_, at) => (form === 1 ? dims.length - 1 - at : at));
    const named = axes.map((axis, at) => (spans[at]?.[3] ? axis - dims.length : axis));
    return {
      opType: "Slice",
      inputs: [
        spread(dims, seed),
        constants(spans.map(([start]) => start)),
        constants(
          spans.map(([, end, step]) => (Math.abs(end) === far && form !== 3 ? far * Math.sign(step) : end)),
        ),
        form === 2 ? null : constants(named),
        ...(form === 3 ? [] : [constants(spans.map(([, , step]) => step))]),
      ],
      attributes: [],
      outputs: 1,
      wanted: [0],
      seed,
    };
  });

const concats: fc.Arbitrary<RuleCase> = fc
  .tuple(
    shapes(1),
    fc.nat(3),
    fc.boolean(),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    seeds,
  )
  .map(([dims, at, fromBack, sizes, all, seed]) => {
    const axis = at % dims.length;
    return {
      opType: "Concat",
      inputs: sizes.map((size, part) =>
        spread(
          dims.map((dim, other) => (other === axis ? size : dim)),
          seed + part,
        ),
      ),
      attributes: [makeInt("axis", fromBack ? axis - dims.length : axis)],
      outputs: 1,
      wanted: sizes.flatMap((_, part) => (all || part % 2 === 0 ? [part] : [])),
      seed,
    };
  });

/** Sizes given, or `num_outputs` with a last part that may be shorter. */
const splits: fc.Arbitrary<RuleCase> = fc
  .tuple(
    shapes(1),
    fc.nat(3),
    fc.boolean(),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    fc.constantFrom("sizes", "equal", "shorter"),
    seeds,
  )
  .map(([dims, at, fromBack, sizes, form, seed]) => {
    const axis = at % dims.length;
    const [first = 1] = sizes;
    const count = sizes.length;
    const longer = first * count + first - 1;
    const isShorter = form === "shorter" && Math.ceil(longer / count) * (count - 1) < longer;
    const total = isShorter ? longer : first * count;
    const whole = form === "sizes" ? sizes.reduce((a, b) => a + b, 0) : total;
    const shape = dims.map((dim, other) => (other === axis ? whole : dim));
    return {
      opType: "Split",
      inputs: [spread(shape, seed), ...(form === "sizes" ? [constants(sizes)] : [])],
      attributes: [
        makeInt("axis", fromBack ? axis - dims.length : axis),
        ...(form === "sizes" ? [] : [makeInt("num_outputs", count)]),
      ],
      outputs: count,
      wanted: [0],
      seed,
    };
  });

/** What moves values without changing them. */
export const shapeChecks: readonly RuleCheck[] = [
  {
    name: "Slice",
    cases: slices,
    reference: sliceReference,
    tensorflow: ([x = tf.scalar(0)], rule) => [
      slicePlaces(rule).reduce((part: tf.Tensor, places, axis) => {
        if (places.length > 0) return tf.gather(part, tf.tensor1d(places, "int32"), axis);
        const none = part.shape.map((dim, at) => (at === axis ? 0 : dim));
        return tf.slice(
          part,
          part.shape.map(() => 0),
          none,
        );
      }, x),
    ],
  },
  {
    name: "Concat",
    cases: concats,
    reference: concatReference,
    tensorflow: (inputs, rule) => [tf.concat([...inputs], axisOf(rule, 0))],
  },
  {
    name: "Split",
    cases: splits,
    reference: splitReference,
    // As slices: TensorFlow.js cannot differentiate its own split into one part.
    tensorflow: ([x = tf.scalar(0)], rule) => {
      const axis = axisOf(rule, 0);
      const along = (size: number, others: readonly number[]) =>
        others.map((other, at) => (at === axis ? size : other));
      let start = 0;
      return splitSizes(rule).map((size) => {
        const from = start;
        start += size;
        return tf.slice(
          x,
          along(
            from,
            x.shape.map(() => 0),
          ),
          along(size, x.shape),
        );
      });
    },
  },
];
