import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { averagePoolReference, globalReference, maxPoolReference } from "../reference/pooling.ts";

const upTo = (max: number, min = 1) => fc.integer({ min, max });

/** One spatial axis: windows that overlap, touch and leave gaps; uneven pads below the kernel. */
const axis = fc.record({
  kernel: upTo(3),
  stride: upTo(4),
  dilation: fc.constantFrom<number[]>(1, 1, 1, 2),
  before: upTo(2, 0),
  after: upTo(2, 0),
  more: upTo(4, 0),
});

const windows = fc
  .constantFrom(1, 2, 2, 2, 3)
  .chain((rank) => fc.array(axis, { minLength: rank, maxLength: rank }))
  .chain((window) =>
    fc.tuple(fc.constant(window), fc.constantFrom("NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")),
  );

interface Form {
  readonly opType: "MaxPool" | "AveragePool";
  readonly isDilated: boolean;
}

function pools({ opType, isDilated }: Form): fc.Arbitrary<RuleCase> {
  return fc
    .tuple(windows, upTo(2), upTo(2), fc.boolean(), fc.boolean(), seeds)
    .map(([[drawn, auto], batch, channels, isCeil, isPadCounted, seed]) => {
      const isSame = auto.startsWith("SAME");
      const window = drawn.map((one) => {
        const { kernel, before, after, more } = one;
        const dilation = isDilated && !isSame ? one.dilation : 1;
        const [front, back] =
          auto === "NOTSET" ? [Math.min(before, kernel - 1), Math.min(after, kernel - 1)] : [0, 0];
        const reach = (kernel - 1) * dilation + 1;
        // ONNX Runtime refuses padding below zero, or cuts the front with it.
        const stride = isSame ? Math.min(one.stride, kernel) : one.stride;
        // With dilation a window could fall between the padding on both sides and see nothing.
        const size =
          Math.max(dilation > 1 ? reach : 1, reach - front - back) + (drawn.length === 3 ? more % 2 : more);
        return { kernel, stride, dilation, front, back, size };
      });
      return {
        opType,
        inputs: [spread([batch, channels, ...window.map(({ size }) => size)], seed)],
        attributes: [
          makeInts(
            "kernel_shape",
            window.map(({ kernel }) => kernel),
          ),
          makeInts(
            "strides",
            window.map(({ stride }) => stride),
          ),
          ...(isDilated
            ? [
                makeInts(
                  "dilations",
                  window.map(({ dilation }) => dilation),
                ),
              ]
            : []),
          auto === "NOTSET"
            ? makeInts("pads", [...window.map(({ front }) => front), ...window.map(({ back }) => back)])
            : makeString("auto_pad", auto),
          makeInt("ceil_mode", isCeil ? 1 : 0),
          ...(opType === "AveragePool"
            ? [makeInt("count_include_pad", isPadCounted && !isSame ? 1 : 0)]
            : []),
        ],
        outputs: 1,
        wanted: [0],
        seed,
      };
    });
}

const whole = (opType: string): fc.Arbitrary<RuleCase> =>
  fc.tuple(shapes(3, 5, 3), seeds).map(([dims, seed]) => ({
    opType,
    inputs: [spread(dims, seed)],
    attributes: [],
    outputs: 1,
    wanted: [0],
    seed,
  }));

/** Over the spatial axes. */
const over =
  (reduce: (x: tf.Tensor, axes: number[]) => tf.Tensor) =>
  ([x]: readonly tf.Tensor[]) => {
    const axes = (x?.shape ?? []).flatMap((_, at) => (at < 2 ? [] : [at]));
    return [reduce(x as tf.Tensor, axes)];
  };

export const poolingChecks: readonly RuleCheck[] = [
  { name: "MaxPool", cases: pools({ opType: "MaxPool", isDilated: true }), reference: maxPoolReference },
  {
    name: "AveragePool",
    cases: pools({ opType: "AveragePool", isDilated: false }),
    reference: averagePoolReference,
  },
  {
    name: "AveragePool-19",
    cases: pools({ opType: "AveragePool", isDilated: true }),
    reference: averagePoolReference,
    opset: 19,
  },
  {
    name: "GlobalAveragePool",
    cases: whole("GlobalAveragePool"),
    reference: globalReference((values) => values.reduce((a, b) => a + b, 0) / values.length),
    tensorflow: over((x, axes) => tf.mean(x, axes, true)),
  },
  {
    name: "GlobalMaxPool",
    cases: whole("GlobalMaxPool"),
    reference: globalReference((values) => Math.max(...values)),
    tensorflow: over((x, axes) => tf.max(x, axes, true)),
  },
];
