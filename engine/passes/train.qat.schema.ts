import { z } from "zod";
import { quantizeStaticSchema } from "./quantize.static.schema.ts";
import { trainingOptions } from "./training/options.schema.ts";

const {
  use: _use,
  smooth_quant: _smooth,
  smooth_alpha: _alpha,
  equalize: _equalize,
  bias_correction: _correction,
  ...quantization
} = quantizeStaticSchema.shape;

/** Options of quantisation-aware training: those of a training, and those of static quantisation that it starts from. */
export const trainQatSchema = z.strictObject({
  use: z.literal("train.qat"),
  ...trainingOptions,
  epochs: trainingOptions.epochs.unwrap().default(5),
  /** Weights that fit already move by less than a step at a time. */
  learning_rate: trainingOptions.learning_rate.unwrap().default(0.0001),
  ...quantization,
  /** The scales of weights and activations learn, too, from where calibration put them. */
  learn_scales: z.boolean().default(true),
  /** Zeros of weights stay: what pruning has gained is kept. */
  keep_zeros: z.boolean().default(true),
});

export type TrainQatOptions = z.output<typeof trainQatSchema>;
