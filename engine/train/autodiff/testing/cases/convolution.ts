import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { makeInt, makeInts, makeString, smallIntsAttribute } from "#engine/onnx/attributes.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { seeds } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { convReference, convTransposeReference } from "../reference/convolution.ts";
import { nodeOf } from "../reference/matrix.ts";

const upTo = (max: number, min = 1) => fc.integer({ min, max });

/** One spatial axis: strides above and below the kernel, uneven pads, steps that do not divide. */
const axis = fc.record({
  kernel: upTo(3),
  stride: upTo(4),
  dilation: fc.constantFrom<number[]>(1, 1, 1, 2, 3),
  before: upTo(2, 0),
  after: upTo(2, 0),
  more: upTo(4, 0),
  extra: upTo(3, 0),
});
type Axis = typeof axis extends fc.Arbitrary<infer T> ? T : never;

const axes = (...ranks: number[]) =>
  fc.constantFrom(...ranks).chain((rank) => fc.array(axis, { minLength: rank, maxLength: rank }));

const reach = ({ kernel, dilation }: Axis) => (kernel - 1) * dilation + 1;

const channels = fc.record({
  batch: upTo(2),
  group: fc.constantFrom(1, 1, 2, 3),
  each: upTo(2),
  made: upTo(2),
});
const paddings = fc.constantFrom("NOTSET", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID");

function moves(window: readonly Axis[], auto: string): Attribute[] {
  return [
    makeInts(
      "kernel_shape",
      window.map(({ kernel }) => kernel),
    ),
    makeInts(
      "strides",
      window.map(({ stride }) => stride),
    ),
    makeInts(
      "dilations",
      window.map(({ dilation }) => dilation),
    ),
    auto === "NOTSET"
      ? makeInts("pads", [...window.map(({ before }) => before), ...window.map(({ after }) => after)])
      : makeString("auto_pad", auto),
  ];
}

/** Convolutions of 1, 2 and 3 axes, in groups, one filter per channel among them. */
const convolutions: fc.Arbitrary<RuleCase> = fc
  .tuple(axes(1, 2, 2, 2, 3), channels, paddings, fc.boolean(), seeds)
  .map(([drawn, { batch, group, each, made }, auto, isBiased, seed]) => {
    // ONNX Runtime has no dilation with SAME, and cuts the front of what strides of two more than the kernel leave out.
    const window = drawn.map((one) =>
      auto.startsWith("SAME") ? { ...one, dilation: 1, stride: Math.min(one.stride, one.kernel + 1) } : one,
    );
    const small = window.length === 3;
    const size = window.map((one) => {
      const padded = auto === "NOTSET" ? one.before + one.after : 0;
      return Math.max(1, reach(one) - padded) + (small ? one.more % 2 : one.more);
    });
    const filters = group * made;
    return {
      opType: "Conv",
      inputs: [
        spread([batch, group * each, ...size], seed),
        spread([filters, each, ...window.map(({ kernel }) => kernel)], seed + 1),
        ...(isBiased ? [spread([filters], seed + 2)] : []),
      ],
      attributes: [...moves(window, auto), makeInt("group", group)],
      outputs: 1,
      wanted: isBiased ? [0, 1, 2] : [0, 1],
      seed,
    };
  });

/** What TensorFlow.js can differentiate: one group, no dilation. */
const plain = fc.tuple(axes(2), channels, seeds).map(([window, { batch, each, made }, seed]): RuleCase => {
  const size = window.map(({ kernel, before, after, more }) => Math.max(1, kernel - before - after) + more);
  return {
    opType: "Conv",
    inputs: [
      spread([batch, each, ...size], seed),
      spread([made, each, ...window.map(({ kernel }) => kernel)], seed + 1),
      spread([made], seed + 2),
    ],
    attributes: moves(
      window.map((one) => ({ ...one, dilation: 1 })),
      "NOTSET",
    ),
    outputs: 1,
    wanted: [0, 1, 2],
    seed,
  };
});

const transposed: fc.Arbitrary<RuleCase> = fc
  .tuple(
    axes(1, 2, 2, 2, 3),
    channels,
    paddings,
    fc.boolean(),
    fc.constantFrom("pads", "extra", "shape"),
    seeds,
  )
  .map(([drawn, { batch, group, each, made }, auto, isBiased, form, seed]) => {
    const window = drawn.map((one) => {
      // Padding must leave something, and what is added at the end stays below the stride.
      const room = Math.max(0, reach(one) - 1);
      const before = Math.min(one.before, room);
      const extra = Math.min(one.extra, one.stride - 1);
      return { ...one, before, after: Math.min(one.after, room - before), extra };
    });
    const size = window.map(({ more }) => 1 + (window.length === 3 ? more % 2 : more % 4));
    const shape = window.map((one, at) => {
      const whole = ((size[at] ?? 1) - 1) * one.stride + reach(one);
      return Math.max(1, whole - one.before - one.after + (one.extra % 2));
    });
    return {
      opType: "ConvTranspose",
      inputs: [
        spread([batch, group * each, ...size], seed),
        spread([group * each, made, ...window.map(({ kernel }) => kernel)], seed + 1),
        ...(isBiased ? [spread([group * made], seed + 2)] : []),
      ],
      attributes: [
        ...moves(window, auto).filter(({ name }) => form !== "shape" || name !== "pads"),
        makeInt("group", group),
        ...(form === "extra"
          ? [
              makeInts(
                "output_padding",
                window.map(({ extra }) => extra),
              ),
            ]
          : []),
        ...(form === "shape" ? [makeInts("output_shape", shape)] : []),
      ],
      outputs: 1,
      wanted: isBiased ? [0, 1, 2] : [0, 1],
      seed,
    };
  });

/** Enough channels for the forms of dW that are made of products: in one group, or one filter for each channel. */
function wide(cases: fc.Arbitrary<RuleCase>, group: 1 | 8): fc.Arbitrary<RuleCase> {
  return cases.map((rule) => {
    const [x, w] = rule.inputs;
    if (!x || !w) return rule;
    const { opType, seed } = rule;
    // The larger side has eight channels: the input of a convolution, the output of a transposed one.
    const small = group === 1 ? 2 : 8;
    const [channels, made] = opType === "ConvTranspose" ? [small, 8] : [8, small];
    return {
      ...rule,
      inputs: [
        spread([1, channels, ...x.dims.slice(2)], seed),
        spread([small, 8 / group, ...w.dims.slice(2)], seed + 1),
        ...(rule.inputs.length > 2 ? [spread([made], seed + 2)] : []),
      ],
      attributes: rule.attributes.map((given) => (given.name === "group" ? makeInt("group", group) : given)),
    };
  });
}

export const convolutionChecks: readonly RuleCheck[] = [
  { name: "Conv", cases: convolutions, reference: convReference },
  {
    name: "Conv in one group",
    cases: plain,
    reference: convReference,
    tensorflow: ([x, w, b], rule) => {
      const node = nodeOf(rule);
      const [top = 0, left = 0, bottom = 0, right = 0] = smallIntsAttribute(node, "pads") ?? [];
      const strides = smallIntsAttribute(node, "strides") as [number, number];
      const padded = tf.pad(tf.transpose(x as tf.Tensor, [0, 2, 3, 1]), [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      const filter = tf.transpose(w as tf.Tensor4D, [2, 3, 1, 0]) as tf.Tensor4D;
      const y = tf.add(tf.conv2d(padded as tf.Tensor4D, filter, strides, "valid"), b as tf.Tensor);
      return [tf.transpose(y, [0, 3, 1, 2])];
    },
  },
  { name: "Conv-wide", cases: wide(convolutions, 1), reference: convReference },
  { name: "Conv-depthwise", cases: wide(convolutions, 8), reference: convReference },
  { name: "ConvTranspose-depthwise", cases: wide(transposed, 8), reference: convTransposeReference },
  { name: "ConvTranspose-wide", cases: wide(transposed, 1), reference: convTransposeReference },
  { name: "ConvTranspose", cases: transposed, reference: convTransposeReference },
];
