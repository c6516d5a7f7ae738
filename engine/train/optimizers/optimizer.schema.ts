import { z } from "zod";

const rate = z.number().gt(0).max(100);
const share = z.number().min(0).lt(1);

const shared = {
  /** Largest step size, reached after the warm-up. */
  learning_rate: rate,
  /** Pull of every weight towards zero; biases and the parameters of normalisation are left out. */
  weight_decay: z.number().min(0).max(1).default(0),
  /** Gradients whose norm over all weights is larger are scaled down to it. */
  clip_norm: z.number().gt(0).optional(),
};

/** How weights follow from gradients. */
export const optimizerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("sgd"),
    ...shared,
    momentum: share.default(0),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    /** Kingma and Ba 2015; the decay is part of the gradient. */
    kind: z.literal("adam"),
    ...shared,
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    epsilon: z.number().gt(0).default(1e-8),
  }),
  z.strictObject({
    /** Loshchilov and Hutter 2019; the decay stands beside the gradient. */
    kind: z.literal("adamw"),
    ...shared,
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    epsilon: z.number().gt(0).default(1e-8),
  }),
]);

export type OptimizerOptions = z.infer<typeof optimizerSchema>;

/** How the step size changes: it rises over the warm-up and then falls as the shape says, step by step. */
export const scheduleSchema = z.discriminatedUnion("shape", [
  z.strictObject({ shape: z.literal("constant"), warmup_steps: z.int().min(0).default(0) }),
  z.strictObject({
    /** Half a cosine from the largest step size to `last` of it (Loshchilov and Hutter 2017). */
    shape: z.literal("cosine"),
    warmup_steps: z.int().min(0).default(0),
    last: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({
    shape: z.literal("linear"),
    warmup_steps: z.int().min(0).default(0),
    last: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({
    /** Times `factor` at each of the shares of the whole training. */
    shape: z.literal("steps"),
    warmup_steps: z.int().min(0).default(0),
    at: z.array(z.number().gt(0).lt(1)).min(1).max(20),
    factor: z.number().gt(0).lt(1).default(0.1),
  }),
]);

export type ScheduleOptions = z.infer<typeof scheduleSchema>;
