import { z } from "zod";

/** Options of the step that stores float32 weights as bfloat16. Computation stays float32. */
export const castBfloat16Schema = z.strictObject({
  use: z.literal("cast.bfloat16"),
  /** Tensors with fewer values stay float32: the node that converts them back takes room of its own. */
  min_elements: z.number().int().min(1).max(1_000_000_000).default(256),
  /** Names of weights or nodes that are left alone. */
  protect: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
});

export type CastBfloat16Options = z.output<typeof castBfloat16Schema>;
