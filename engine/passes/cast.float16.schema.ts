import { z } from "zod";

/** Options of the step that stores and computes in float16. */
export const castFloat16Schema = z.strictObject({
  use: z.literal("cast.float16"),
  /** The model's own inputs and outputs stay float32; casts stand at the border. */
  keep_io_types: z.boolean().default(true),
  /** Operator types that keep computing in float32, besides those that cannot do otherwise. */
  op_block_list: z.array(z.string().min(1).max(200)).max(1000).default([]),
  /** Names of nodes that keep computing in float32. */
  node_block_list: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
});

export type CastFloat16Options = z.output<typeof castFloat16Schema>;
