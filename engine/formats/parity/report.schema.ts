import { z } from "zod";

/** One output of an original beside that of its conversion, over all inputs. */
export const outputParitySchema = z.object({
  name: z.string(),
  /** Largest difference of two values. */
  maxAbs: z.number().nonnegative(),
  /** The same over the largest magnitude of the original's output for that input, which counts as one at least. */
  maxRelative: z.number().nonnegative(),
  /** Share of rows (the last axis) whose largest value stands at the same place; where there are classes to choose among. */
  sameArgMax: z.number().min(0).max(1).optional(),
});

/** That a conversion computes what the original does, shown on inputs. */
export const parityReportSchema = z.object({
  /** What executed the original, with its version. */
  reference: z.string(),
  inputs: z.int().positive(),
  seed: z.int(),
  /** Of `maxRelative`, for float outputs. */
  tolerance: z.number().positive(),
  /** Largest difference of integers that is allowed: those of a quantised output are steps. */
  steps: z.int().nonnegative(),
  /** Inputs for which the outputs are further apart, as far as the model itself moves with changes as small as rounding. */
  sensitive: z.int().nonnegative(),
  outputs: z.array(outputParitySchema),
  agrees: z.boolean(),
});

export type OutputParity = z.infer<typeof outputParitySchema>;
export type ParityReport = z.infer<typeof parityReportSchema>;
