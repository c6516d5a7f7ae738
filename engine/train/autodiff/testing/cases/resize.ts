import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeString } from "#engine/onnx/attributes.ts";
import { seeds } from "../arbitraries.ts";
import { type CaseInput, constants, type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { resizedDims, resizeReference } from "../reference/resize.ts";
import { one } from "./forms.ts";

const place = "coordinate_transformation_mode";
const small = fc.integer({ min: 1, max: 2 });
const size = fc.integer({ min: 1, max: 5 });
const scale = fc.constantFrom(1, 2, 3, 0.5, 1.5);

function held(values: readonly number[]): CaseInput {
  return { dims: [values.length], data: Float64Array.from(values), dtype: "float32", isConstant: true };
}

/** To sizes or by scales, larger and smaller; now and then by whole numbers, which pooling undoes. */
function resizes(
  forms: readonly Readonly<Record<string, string>>[],
  isSquare = false,
): fc.Arbitrary<RuleCase> {
  return fc
    .tuple(small, small, size, size, size, size, scale, scale, fc.boolean(), fc.constantFrom(...forms), seeds)
    .map(([n, c, height, width, toHeight, toWidth, down, along, byScale, form, seed]) => {
      const isNearest = form.mode === "nearest";
      const tall = Math.max(2, height);
      const wide = isSquare ? tall : Math.max(2, width);
      // PyTorch itself does not take the first place where one is left, as pytorch_half_pixel does.
      const least = form[place] === "pytorch_half_pixel" ? 2 : 1;
      const scales = [1, 1, Math.floor(tall * down) / tall, Math.floor(wide * along) / wide];
      const isExact = scales.every((value) => Number.isInteger(value * 2));
      const isByScale = byScale && isExact && tall * down >= least && wide * along >= least;
      const sizes = isNearest
        ? [n, c, tall * Math.ceil(toHeight / 2), wide * Math.ceil(toWidth / 2)]
        : [n, c, Math.max(least, toHeight), Math.max(least, toWidth)];
      return {
        opType: "Resize",
        inputs: [
          spread([n, c, tall, wide], seed),
          null,
          ...(isByScale ? [held(scales)] : [null, constants(sizes)]),
        ],
        attributes: Object.entries(form).map(([name, value]) => makeString(name, value)),
        outputs: 1,
        wanted: [0],
        seed,
      };
    });
}

export const resizeChecks: readonly RuleCheck[] = [
  {
    name: "Resize",
    cases: resizes([
      { mode: "linear" },
      { mode: "linear", [place]: "pytorch_half_pixel" },
      { mode: "linear", [place]: "align_corners" },
      { mode: "nearest", [place]: "asymmetric", nearest_mode: "floor" },
      { mode: "nearest", nearest_mode: "round_prefer_ceil" },
    ]),
    reference: resizeReference,
  },
  {
    name: "Resize from corners",
    cases: resizes([{ mode: "linear", [place]: "asymmetric" }], true),
    reference: resizeReference,
    // Of squares alone: TensorFlow.js exchanges height and width in the shape of its gradient.
    tensorflow: one((x, rule) => {
      const [, , height = 1, width = 1] = resizedDims(rule);
      const moved = tf.transpose(x, [0, 2, 3, 1]) as tf.Tensor4D;
      return tf.transpose(tf.image.resizeBilinear(moved, [height, width]), [0, 3, 1, 2]);
    }),
  },
];
