import { z } from "zod";

/** Options of n:m pruning: of every m consecutive weights along the input axis n stay. */
export const pruneNmSchema = z
  .strictObject({
    use: z.literal("prune.nm"),
    /** Weights of a group that stay: those of the largest magnitude. */
    n: z.number().int().min(1).max(63).default(2),
    /** Weights of a group. */
    m: z.number().int().min(2).max(64).default(4),
    /** Names of weights or nodes that are left alone. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  })
  .refine((step) => step.n < step.m, { path: ["n"], message: "n must be smaller than m" });

export type PruneNmOptions = z.output<typeof pruneNmSchema>;
