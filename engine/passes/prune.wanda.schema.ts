import { z } from "zod";

/** Options of pruning by weights and activations: what is small times what it sees becomes zero. */
export const pruneWandaSchema = z
  .strictObject({
    use: z.literal("prune.wanda"),
    /** Share of each output's weights that become zero; 0.5 where neither this nor n and m are given. */
    sparsity: z.number().min(0).max(1).optional(),
    /** Weights of a group that stay, those of the highest score; with `m`, in the place of `sparsity`. */
    n: z.number().int().min(1).max(63).optional(),
    /** Weights of a group along the input axis. */
    m: z.number().int().min(2).max(64).optional(),
    /** Names of weights or nodes that are left alone. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  })
  .refine((step) => (step.n === undefined) === (step.m === undefined), {
    path: ["n"],
    message: "Give both n and m, or neither",
  })
  .refine((step) => step.n === undefined || step.sparsity === undefined, {
    path: ["n"],
    message: "Give either sparsity or n and m, not both",
  })
  .refine((step) => step.n === undefined || step.m === undefined || step.n < step.m, {
    path: ["n"],
    message: "n must be smaller than m",
  });

export type PruneWandaOptions = z.output<typeof pruneWandaSchema>;
