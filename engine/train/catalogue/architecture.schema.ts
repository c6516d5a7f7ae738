import { z } from "zod";

const width = z.int().min(1).max(65_536);
const count = z.int().min(1).max(10_000_000);
const side = z.int().min(8).max(1_024);
const image = z.tuple([z.int().min(1).max(64), side, side]);

/** An architecture in a few numbers. Images are channels, height and width. */
export const architectureSchema = z.discriminatedUnion("kind", [
  /** A multilayer perceptron; items of any shape are flattened. */
  z.strictObject({
    kind: z.literal("mlp"),
    input: z.array(width).min(1).max(4),
    hidden: z.array(width).max(20).default([300, 100]),
    outputs: width,
  }),
  /** Two convolutions of 5 × 5 and 500 units, as in Caffe's examples. */
  z.strictObject({ kind: z.literal("lenet-5"), input: image, outputs: width }),
  /** A small residual network: three stages of `blocks` blocks, as for CIFAR-10 in He et al. 2016 (1512.03385). */
  z.strictObject({
    kind: z.literal("resnet"),
    input: image,
    outputs: width,
    width: z.int().min(4).max(256).default(16),
    blocks: z.int().min(1).max(20).default(1),
  }),
  /** Depthwise separable convolutions (Howard et al. 2017, 1704.04861). */
  z.strictObject({
    kind: z.literal("mobilenet"),
    input: image,
    outputs: width,
    width: z.int().min(4).max(256).default(16),
    blocks: z.int().min(1).max(20).default(4),
  }),
  /** Convolutions of several widths over words, and the largest of each (Kim 2014, 1408.5882). */
  z.strictObject({
    kind: z.literal("text-cnn"),
    vocabulary: count,
    length: width,
    outputs: width,
    width: z.int().min(4).max(1_024).default(64),
    filters: z.int().min(4).max(1_024).default(64),
    kernels: z.array(z.int().min(1).max(16)).min(1).max(8).default([3, 4, 5]),
  }),
  /** An encoder of transformer layers (Vaswani et al. 2017), normalised first, and the mean over the positions. */
  z.strictObject({
    kind: z.literal("transformer"),
    vocabulary: count,
    length: width,
    outputs: width,
    width: z.int().min(8).max(4_096).default(64),
    heads: z.int().min(1).max(64).default(4),
    layers: z.int().min(1).max(48).default(2),
  }),
  /** A recurrent network over words, and its last state. */
  z.strictObject({
    kind: z.literal("lstm"),
    vocabulary: count,
    length: width,
    outputs: width,
    width: z.int().min(4).max(1_024).default(64),
    hidden: z.int().min(4).max(1_024).default(64),
  }),
  /** A score from the product of a user's and an item's vector, with a bias of each (Koren, Bell and Volinsky 2009). */
  z.strictObject({
    kind: z.literal("matrix-factorization"),
    users: count,
    items: count,
    width: z.int().min(1).max(1_024).default(32),
  }),
  /** A score from the product of two vectors, which a perceptron makes of each side's embedding. */
  z.strictObject({
    kind: z.literal("two-tower"),
    users: count,
    items: count,
    width: z.int().min(1).max(1_024).default(32),
    hidden: z.array(width).max(8).default([64]),
  }),
]);

export type Architecture = z.infer<typeof architectureSchema>;
export type ArchitectureOf<Kind extends Architecture["kind"]> = Omit<
  Extract<Architecture, { kind: Kind }>,
  "kind"
>;
