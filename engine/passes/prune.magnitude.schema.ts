import { z } from "zod";

/** Options of magnitude pruning: the smallest weights become zero. `threshold` replaces `sparsity`. */
export const pruneMagnitudeSchema = z
  .strictObject({
    use: z.literal("prune.magnitude"),
    /** "global" ranks all weights together, "layer" prunes every tensor to the same share. */
    scope: z.enum(["global", "layer"]).default("global"),
    /** Share of the prunable weights that become zero; 0.5 where neither this nor `threshold` is given. */
    sparsity: z.number().min(0).max(1).optional(),
    /** Weights whose magnitude is below it become zero. */
    threshold: z.number().positive().optional(),
    /**
     * Sparsity of single weights, by their names, as a sensitivity scan finds it. The other options then hold for the
     * weights that are not named; `sparsity: 0` leaves those as they are.
     */
    layers: z
      .record(z.string().min(1).max(1000), z.number().min(0).max(1))
      .refine((layers) => Object.keys(layers).length <= 100_000, "at most 100,000 weights")
      .optional(),
    /** Names of weights or nodes that are left alone. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  })
  .refine((step) => step.sparsity === undefined || step.threshold === undefined, {
    path: ["threshold"],
    message: "Give either sparsity or threshold, not both",
  });

export type PruneMagnitudeOptions = z.output<typeof pruneMagnitudeSchema>;

export const defaultSparsity = 0.5;
