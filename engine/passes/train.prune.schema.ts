import { z } from "zod";
import { trainingOptions } from "./training/options.schema.ts";

const share = z.number().min(0).max(1);

/** Options of gradual pruning: more and more of the smallest weights become zero while the others are trained. */
export const trainPruneSchema = z
  .strictObject({
    use: z.literal("train.prune"),
    ...trainingOptions,
    epochs: trainingOptions.epochs.unwrap().default(20),
    /** Share of the prunable weights that are zero in the end. */
    sparsity: share.default(0.9),
    /** "global" ranks all weights together, "layer" prunes every tensor to the same share. */
    scope: z.enum(["global", "layer"]).default("global"),
    /** Share that is zero after the first pruning. */
    start_sparsity: share.default(0).meta({ isRare: true }),
    /** When pruning begins and ends, as shares of the training; what is left afterwards is training at full sparsity. */
    begin: share.default(0).meta({ isRare: true }),
    end: share.default(0.7),
    /** Updates from one pruning to the next. */
    every: z.int().min(1).max(100_000).default(100).meta({ isRare: true }),
    /**
     * Share of the kept weights that are given up each time for zeros whose gradients are largest; it falls to nothing by
     * the end.
     */
    regrow: z.number().min(0).max(0.9).default(0).meta({ isRare: true }),
    /** Sparsity of single weights, by their names; the other options then hold for those that are not named. */
    layers: z
      .record(z.string().min(1).max(1000), share)
      .refine((layers) => Object.keys(layers).length <= 100_000, "at most 100,000 weights")
      .optional()
      .meta({ isRare: true }),
    /** Names of weights or nodes that are trained but not pruned. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]).meta({ isRare: true }),
  })
  .refine(({ begin, end }) => begin < end, { path: ["end"], message: "end must be above begin" })
  .refine(({ start_sparsity, sparsity }) => start_sparsity <= sparsity, {
    path: ["start_sparsity"],
    message: "start_sparsity must not be above sparsity",
  });

export type TrainPruneOptions = z.output<typeof trainPruneSchema>;
