import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeString } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type CaseInput, constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { padPlaces, padReference } from "../reference/repeats.ts";

/** Pads around some axes or all; without a mode also negative ones, with a padding value that moves. */
const pads: fc.Arbitrary<RuleCase> = fc
  .tuple(
    shapes(1, 3),
    fc.constantFrom("constant", "reflect", "edge"),
    fc.array(fc.tuple(fc.integer({ min: -2, max: 3 }), fc.integer({ min: -2, max: 3 })), {
      minLength: 3,
      maxLength: 3,
    }),
    fc.constantFrom("all", "reverse", "first"),
    fc.boolean(),
    seeds,
  )
  .map(([dims, mode, wanted, form, hasValue, seed]) => {
    const all = dims.map((_, axis) => axis);
    const axes = form === "first" ? [-dims.length] : form === "reverse" ? all.toReversed() : all;
    const pairs = axes.map((axis) => {
      const dim = dims.at(axis) ?? 1;
      const [before, after] = wanted.at(axis) ?? [0, 0];
      if (mode === "constant")
        return dim + before + after >= 1 && dim > -before && dim > -after ? [before, after] : [1, 0];
      const most = mode === "reflect" ? dim - 1 : 3;
      return [Math.min(Math.abs(before), most), Math.min(Math.abs(after), most)];
    });
    const value: CaseInput = { dims: [], data: Float64Array.of(0.5), dtype: "float32", isConstant: false };
    const isValued = hasValue && mode === "constant";
    const inputs = [
      spread(dims, seed),
      constants([...pairs.map(([before = 0]) => before), ...pairs.map(([, after = 0]) => after)]),
      isValued ? value : null,
      form === "all" ? null : constants(axes),
    ];
    while (inputs.at(-1) === null) inputs.pop();
    return {
      opType: "Pad",
      inputs,
      attributes: mode === "constant" ? [] : [makeString("mode", mode)],
      outputs: 1,
      wanted: isValued ? [0, 2] : [0],
      seed,
    };
  });

export const padChecks: readonly RuleCheck[] = [
  {
    name: "Pad",
    cases: pads,
    reference: padReference,
    // By what TensorFlow.js gathers: its pad has no negative pads, and its mirrorPad no right gradient.
    tensorflow: ([x = tf.scalar(0), , value], rule) => {
      const places = padPlaces(rule);
      const shape = (axis: number, length: number) => places.map((_, other) => (other === axis ? length : 1));
      const known = places.map((list) => list.map((place) => Math.max(place, 0)));
      const isInside = places
        .map((list, axis) =>
          tf.tensor(
            list.map((place) => (place < 0 ? 0 : 1)),
            shape(axis, list.length),
          ),
        )
        .reduce((a: tf.Tensor, b) => tf.mul(a, b));
      const moved = known.reduce(
        (part: tf.Tensor, list, axis) => tf.gather(part, tf.tensor1d(list, "int32"), axis),
        x,
      );
      const inside = tf.mul(moved, isInside);
      return [rule.wanted.includes(2) && value ? tf.add(inside, tf.mul(value, tf.sub(1, isInside))) : inside];
    },
  },
];
