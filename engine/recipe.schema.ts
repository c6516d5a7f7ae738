import { z } from "zod";
import { stepSchema } from "./passes/step.schema.ts";

/** An ordered list of compression steps. The empty list is the baseline. */
export const recipeSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Every random choice of every step follows from it. */
  seed: z.int().min(0).max(0xffff_ffff).default(0),
  steps: z.array(stepSchema).max(50),
});

export type Recipe = z.output<typeof recipeSchema>;
export type RecipeInput = z.input<typeof recipeSchema>;

/** Recipes that have a name of their own; their steps are in `recipes.ts`. */
export const recipeNames = [
  "float16",
  "int8-dynamic",
  "int8-static",
  "int4-block",
  "prune-magnitude",
  "prune-normalized",
  "prune-structured",
  "low-rank",
  "cluster",
  "distill",
  "deep-compression",
] as const;
export type RecipeName = (typeof recipeNames)[number];
