import { z } from "zod";

/** Options that few need: a form shows them when it is asked for them. */
const rare = { isRare: true } as const;

/** Options that every technique which trains has. */
export const trainingOptions = {
  /** Passes over the train split. */
  epochs: z.int().min(1).max(10_000).default(10),
  /** Items whose gradients are averaged. */
  batch_size: z.int().min(1).max(65_536).default(64),
  /** Batches whose gradients are averaged for one update. */
  accumulate: z.int().min(1).max(1024).default(1).meta(rare),
  optimizer: z.enum(["adam", "adamw", "sgd"]).default("adam").meta(rare),
  /** Largest step size, reached after the warm-up. */
  learning_rate: z.number().gt(0).max(100).default(0.001),
  /** For sgd. */
  momentum: z.number().min(0).lt(1).default(0.9).meta(rare),
  /** Pull of weights towards zero; biases and the parameters of normalisation are left out. */
  weight_decay: z.number().min(0).max(1).default(0).meta(rare),
  /** Gradients whose norm over all weights is larger are scaled down to it. */
  clip_norm: z.number().gt(0).max(1e9).optional().meta(rare),
  /** How the step size falls over the training. */
  schedule: z.enum(["constant", "cosine", "linear", "steps"]).default("cosine").meta(rare),
  /** Updates over which the step size rises first. */
  warmup_steps: z.int().min(0).max(1_000_000).default(0).meta(rare),
  /** What is made small; auto: cross-entropy of classes, squared error of numbers. */
  loss: z.enum(["auto", "cross-entropy", "binary-cross-entropy", "mse", "huber"]).default("auto").meta(rare),
  /** Share of each target that is spread over all classes. */
  label_smoothing: z.number().min(0).lt(1).default(0).meta(rare),
  /** Epochs without a better score on the tuning split after which the training ends. */
  patience: z.int().min(1).max(10_000).optional(),
  /** Images are moved by up to so many pixels each way, anew in every epoch. */
  shift: z.int().min(0).max(64).default(0).meta(rare),
  /** Half of the images are mirrored, left to right. */
  flip: z.boolean().default(false).meta(rare),
  /** Names of weights or nodes that stay as they are. */
  freeze: z.array(z.string().min(1).max(1000)).max(100_000).default([]).meta(rare),
};

const options = z.strictObject(trainingOptions);

export type TrainingOptions = z.output<typeof options>;
