import { z } from "zod";
import { castBfloat16Schema } from "./cast.bfloat16.schema.ts";
import { castFloat16Schema } from "./cast.float16.schema.ts";
import { clusterKmeansSchema } from "./cluster.kmeans.schema.ts";
import { factorizeSvdSchema } from "./factorize.svd.schema.ts";
import { pruneMagnitudeSchema } from "./prune.magnitude.schema.ts";
import { pruneNmSchema } from "./prune.nm.schema.ts";
import { pruneNormalizedSchema } from "./prune.normalized.schema.ts";
import { pruneStructuredSchema } from "./prune.structured.schema.ts";
import { pruneWandaSchema } from "./prune.wanda.schema.ts";
import { quantizeBlockwiseSchema } from "./quantize.blockwise.schema.ts";
import { quantizeDynamicSchema } from "./quantize.dynamic.schema.ts";
import { quantizeStaticSchema } from "./quantize.static.schema.ts";
import { simplifySchema } from "./simplify.schema.ts";
import { trainDistillSchema } from "./train.distill.schema.ts";
import { trainFinetuneSchema } from "./train.finetune.schema.ts";
import { trainLoraSchema } from "./train.lora.schema.ts";
import { trainPruneSchema } from "./train.prune.schema.ts";
import { trainQatSchema } from "./train.qat.schema.ts";
import { trainStructuredSchema } from "./train.structured.schema.ts";

/** One step of a recipe: the technique under `use`, its options beside it. */
export const stepSchema = z.discriminatedUnion("use", [
  castFloat16Schema,
  castBfloat16Schema,
  quantizeDynamicSchema,
  quantizeBlockwiseSchema,
  quantizeStaticSchema,
  pruneMagnitudeSchema,
  pruneStructuredSchema,
  pruneNormalizedSchema,
  pruneNmSchema,
  pruneWandaSchema,
  simplifySchema,
  factorizeSvdSchema,
  clusterKmeansSchema,
  trainFinetuneSchema,
  trainPruneSchema,
  trainStructuredSchema,
  trainLoraSchema,
  trainDistillSchema,
  trainQatSchema,
]);

export type Step = z.output<typeof stepSchema>;
export type StepInput = z.input<typeof stepSchema>;
export type StepName = Step["use"];
/** Options by name. */
export type StepOf = { [Name in StepName]: Extract<Step, { use: Name }> };

export const stepNames = [
  "cast.float16",
  "cast.bfloat16",
  "quantize.dynamic",
  "quantize.blockwise",
  "quantize.static",
  "prune.magnitude",
  "prune.structured",
  "prune.normalized",
  "prune.nm",
  "prune.wanda",
  "simplify",
  "factorize.svd",
  "cluster.kmeans",
  "train.finetune",
  "train.prune",
  "train.structured",
  "train.lora",
  "train.distill",
  "train.qat",
] as const satisfies readonly StepName[];
