import { z } from "zod";
import { architectureSchema } from "../train/catalogue/architecture.schema.ts";

/** The architecture and the seed that a model without any training was built from. */
export const untrainedSchema = z.object({
  architecture: architectureSchema,
  seed: z.int().nonnegative(),
});

export type Untrained = z.output<typeof untrainedSchema>;
