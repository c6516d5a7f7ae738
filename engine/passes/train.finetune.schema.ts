import { z } from "zod";
import { trainingOptions } from "./training/options.schema.ts";

/** Options of training on: the weights that a model has are improved on labelled data. */
export const trainFinetuneSchema = z.strictObject({
  use: z.literal("train.finetune"),
  ...trainingOptions,
  /** Zeros of weights stay: what pruning has gained is kept. */
  keep_zeros: z.boolean().default(true).meta({ isRare: true }),
  /** Weights that share a value go on sharing one: what clustering has gained is kept. */
  keep_shared: z.boolean().default(true).meta({ isRare: true }),
});

export type TrainFinetuneOptions = z.output<typeof trainFinetuneSchema>;
