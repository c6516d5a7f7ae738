import { z } from "zod";

/** Options of structured pruning: whole neurons, channels and heads leave the graph. `budget` replaces `ratio`. */
export const pruneStructuredSchema = z
  .strictObject({
    use: z.literal("prune.structured"),
    /** Share of the removable units that go; 0.3 where neither this nor `budget` is given. */
    ratio: z.number().gt(0).lt(1).optional(),
    /** Share of the model's parameters that may stay: the smallest ratio that keeps within it is taken. */
    budget: z.number().gt(0).lt(1).optional(),
    /** "layer" removes the same share of every group, "global" ranks the units of all groups together. */
    scope: z.enum(["layer", "global"]).default("layer"),
    /** Norm of all the weights that go with a unit, on the sides of its producers and of its readers. */
    importance: z.enum(["l2", "l1"]).default("l2"),
    /** Units that stay in every group, whatever the ratio. */
    min_units: z.int().min(1).max(1_000_000).default(1),
    /** The number of units that stay in a group is raised to a multiple of it; 8 suits vector instructions. */
    round_to: z.int().min(1).max(4096).default(1),
    /** Removes attention heads too. */
    heads: z.boolean().default(true),
    /** Adds the mean of what is removed to the biases of its readers: needs calibration data. */
    compensate: z.boolean().default(false),
    /** Names of weights or nodes whose units all stay. */
    protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  })
  .refine((step) => step.ratio === undefined || step.budget === undefined, {
    path: ["budget"],
    message: "Give either ratio or budget, not both",
  });

export type PruneStructuredOptions = z.output<typeof pruneStructuredSchema>;

export const defaultRatio = 0.3;
