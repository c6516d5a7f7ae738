import { z } from "zod";

/** Options of pruning by a threshold that is relative to each tensor: its small weights become zero. */
export const pruneNormalizedSchema = z
  .strictObject({
    use: z.literal("prune.normalized"),
    /**
     * What a tensor's magnitudes are divided by: their maximum, the Euclidean norm of all its weights, or the standard
     * deviation of its weights.
     */
    by: z.enum(["max", "l2", "std"]).default("std"),
    /** Weights whose magnitude divided by that is below it become zero; 0.25 for "std", to be given for the others. */
    threshold: z.number().positive().optional(),
    /** Names of weights or nodes that are left alone. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  })
  .refine((step) => step.by === "std" || step.threshold !== undefined, {
    path: ["threshold"],
    message: 'Give a threshold: only "std" has a default',
  })
  // No weight exceeds the maximum or the norm of its tensor, so that beyond 1 nothing at all would stay.
  .refine((step) => step.by === "std" || (step.threshold ?? 0) <= 1, {
    path: ["threshold"],
    message: 'A threshold relative to "max" or "l2" is at most 1',
  });

export type PruneNormalizedOptions = z.output<typeof pruneNormalizedSchema>;

export const defaultNormalizedThreshold = 0.25;
