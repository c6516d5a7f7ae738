import { z } from "zod";
import { castFloat16Schema } from "./cast.float16.schema.ts";
import { pruneMagnitudeSchema } from "./prune.magnitude.schema.ts";
import { quantizeDynamicSchema } from "./quantize.dynamic.schema.ts";
import { quantizeStaticSchema } from "./quantize.static.schema.ts";

/** One step of a recipe: the technique under `use`, its options beside it. */
export const stepSchema = z.discriminatedUnion("use", [
  castFloat16Schema,
  quantizeDynamicSchema,
  quantizeStaticSchema,
  pruneMagnitudeSchema,
]);

export type Step = z.output<typeof stepSchema>;
export type StepInput = z.input<typeof stepSchema>;
export type StepName = Step["use"];
/** Options by name. */
export type StepOf = { [Name in StepName]: Extract<Step, { use: Name }> };

export const stepNames = [
  "cast.float16",
  "quantize.dynamic",
  "quantize.static",
  "prune.magnitude",
] as const satisfies readonly StepName[];
