import {
  type OptimizerOptions,
  optimizerSchema,
  type ScheduleOptions,
  scheduleSchema,
} from "#engine/train/optimizers/optimizer.schema.ts";
import type { TrainingOptions } from "./options.schema.ts";

/** Shares of a training after which the step size falls to a tenth, as He and others 2016 train on images. */
const fallsAt = [0.5, 0.75];

export function optimizerOf(options: TrainingOptions): OptimizerOptions {
  const { optimizer: kind, learning_rate, weight_decay, clip_norm, momentum } = options;
  return optimizerSchema.parse({
    kind,
    learning_rate,
    weight_decay,
    ...(clip_norm !== undefined && { clip_norm }),
    ...(kind === "sgd" && { momentum }),
  });
}

export function scheduleOf({ schedule: shape, warmup_steps }: TrainingOptions): ScheduleOptions {
  return scheduleSchema.parse({ shape, warmup_steps, ...(shape === "steps" && { at: fallsAt }) });
}
