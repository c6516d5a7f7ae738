import { z } from "zod";
import { intervalSchema } from "./measurement.schema.ts";

const estimate = z.object({
  value: z.number(),
  interval: intervalSchema.optional(),
  n: z.number().int().positive(),
});

/** Recall of one class and its change against the baseline, as stored beside a run's measurements. */
export const classRecallSchema = z.object({
  class: z.number().int().nonnegative(),
  recall: estimate,
  change: z.object({ value: z.number(), interval: intervalSchema.optional() }).optional(),
});

/** An item that is right in one of baseline and candidate only; −1 stands for an output that is not a number. */
export const disagreementSchema = z.object({
  row: z.number().int().nonnegative(),
  label: z.number().int().nonnegative(),
  baseline: z.number().int().min(-1),
  candidate: z.number().int().min(-1),
  change: z.enum(["gained", "lost"]),
});
