import { z } from "zod";
import { trainingOptions } from "./training/options.schema.ts";

/** Options of iterative structured pruning: units that the loss would miss least leave the graph, between trainings. */
export const trainStructuredSchema = z.strictObject({
  use: z.literal("train.structured"),
  ...trainingOptions,
  /** Share of the removable units that are gone in the end. */
  ratio: z.number().gt(0).lt(1).default(0.5),
  /** Times that units are removed and the model is trained; the epochs are shared among them. */
  rounds: z.int().min(1).max(100).default(5),
  /** Batches over which it is measured what the loss would miss. */
  score_batches: z.int().min(1).max(10_000).default(50).meta({ isRare: true }),
  /** "global" ranks the units of all groups together, "layer" removes the same share of every group. */
  scope: z.enum(["global", "layer"]).default("global"),
  /** Units that stay in every group. */
  min_units: z.int().min(1).max(1_000_000).default(1).meta({ isRare: true }),
  /** The number of units that stay in a group is raised to a multiple of it; 8 suits vector instructions. */
  round_to: z.int().min(1).max(4096).default(1).meta({ isRare: true }),
  /** Removes attention heads too. */
  heads: z.boolean().default(true).meta({ isRare: true }),
  /** Names of weights or nodes whose units all stay. */
  protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]).meta({ isRare: true }),
});

export type TrainStructuredOptions = z.output<typeof trainStructuredSchema>;
