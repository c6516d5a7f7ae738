import { z } from "zod";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { trainingOptions } from "./training/options.schema.ts";

const valueName = z.string().min(1).max(1000);

/** Inner values of the student that are to become like inner values of the teacher. */
const hiddenSchema = z.strictObject({
  /** A value of the student's main graph: what a node makes. */
  student: valueName,
  teacher: valueName,
  /** Share of the sum of all losses. */
  weight: z.number().gt(0).max(10_000).default(1),
  /** Angle between the two, or squared distance. */
  loss: z.enum(["cosine", "mse"]).default("cosine"),
});

/** Options of distillation: a student learns from labels and from what a teacher says of the same items. */
export const trainDistillSchema = z.strictObject({
  use: z.literal("train.distill"),
  /** An architecture that is trained from nothing; left out: the model as it reaches this step. */
  student: architectureSchema.optional(),
  /** Share of the teacher in the loss; the rest is that of the labels. */
  alpha: z.number().min(0).max(1).default(0.9),
  /** Softens the scores of classes before they are compared. */
  temperature: z.number().gt(0).max(100).default(4),
  hidden: z.array(hiddenSchema).max(100).default([]),
  ...trainingOptions,
  /** Zeros of weights stay: what pruning has gained is kept. */
  keep_zeros: z.boolean().default(true),
  /** Weights that share a value go on sharing one: what clustering has gained is kept. */
  keep_shared: z.boolean().default(true),
});

export type TrainDistillOptions = z.output<typeof trainDistillSchema>;
export type HiddenPair = TrainDistillOptions["hidden"][number];
