import { z } from "zod";
import type { Inspection } from "#engine/inspect.schema.ts";
import type { Remark } from "#engine/remarks/remark.schema.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { slug } from "./slug.ts";
import { text, trimmed } from "./text.ts";

/** What random numbers follow from: 32 bits without a sign. */
export const seedSchema = z.int().min(0).max(0xffff_ffff);

export const previewArchitectureInput = z.object({ architecture: architectureSchema });

/** A new model, built from an architecture. */
export const buildModelInput = z.object({
  project: slug,
  name: trimmed(120).min(1),
  description: text(20_000).default(""),
  /** Left out: that it has seen none. */
  trainingData: text(20_000).default("None: built from an architecture, untrained."),
  architecture: architectureSchema,
  seed: seedSchema.default(0),
});

/** What an architecture would be as a model. */
export interface ArchitecturePreview extends Pick<Inspection, "parameters" | "inputs" | "outputs"> {
  /** Of the file, nearly. */
  readonly bytes: number;
  /** Why it cannot be built; null where it can. */
  readonly refusal: Remark | null;
}
