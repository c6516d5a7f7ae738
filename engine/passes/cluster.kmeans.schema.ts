import { z } from "zod";

/** Options of weight sharing: every weight tensor keeps only a few distinct values. */
export const clusterKmeansSchema = z.strictObject({
  use: z.literal("cluster.kmeans"),
  /** Values that a tensor may hold, zero aside. */
  clusters: z.number().int().min(2).max(256).default(16),
  /** Where the values start: evenly between least and greatest, evenly over the weights, or drawn by k-means++. */
  init: z.enum(["linear", "density", "kmeans++"]).default("linear"),
  /** Zeros stay zero and no value is spent on them: what pruning has gained is kept. */
  preserve_sparsity: z.boolean().default(true),
  /** Rounds of k-means at most; it ends by itself once no weight changes its cluster. */
  max_iterations: z.number().int().min(0).max(100_000).default(1000),
  /** Names of weights or nodes that are left alone. */
  protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
});

export type ClusterKmeansOptions = z.output<typeof clusterKmeansSchema>;
