import * as tf from "@tensorflow/tfjs";
import { makeString } from "#engine/onnx/attributes.ts";
import type { RuleCheck } from "../check.ts";
import { unaryReference } from "../reference/elementwise.ts";
import { erf } from "../reference/erf.ts";
import { one, single } from "./forms.ts";

const k = Math.sqrt(2 / Math.PI);

/** Gelu of opset 20 in both forms. */
export const geluChecks: readonly RuleCheck[] = [
  {
    name: "Gelu",
    cases: single("Gelu", [-4, 4]),
    reference: unaryReference((x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2))),
    tensorflow: one((x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))),
    opset: 20,
  },
  {
    name: "Gelu by a hyperbolic tangent",
    cases: single("Gelu", [-4, 4], [makeString("approximate", "tanh")]),
    reference: unaryReference((x) => 0.5 * x * (1 + Math.tanh(k * (x + 0.044715 * x ** 3)))),
    tensorflow: one((x) => {
      const inner = tf.mul(k, tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
      return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner)));
    }),
    opset: 20,
  },
];
