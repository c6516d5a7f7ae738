import { z } from "zod";
import { trainingOptions } from "./training/options.schema.ts";

/** Options of low-rank recovery: the weights stay as they are, and a correction of low rank beside each is trained. */
export const trainLoraSchema = z.strictObject({
  use: z.literal("train.lora"),
  ...trainingOptions,
  /** Columns of the first factor, and rows of the second. */
  rank: z.int().min(1).max(1024).default(8),
  /** The correction is multiplied by alpha / rank. */
  alpha: z.number().gt(0).max(10_000).default(16).meta({ isRare: true }),
  /** Smaller matrices are left alone: they are cheap to train whole. */
  min_weights: z.int().min(1).max(1_000_000_000).default(4096).meta({ isRare: true }),
  /** Whether the correction is added to the weights in the end; auto: where that fills no zeros and ends no shared values. */
  merge: z.enum(["auto", "always", "never"]).default("auto"),
  /** Names of weights or nodes that get no correction. */
  protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]).meta({ isRare: true }),
});

export type TrainLoraOptions = z.output<typeof trainLoraSchema>;
