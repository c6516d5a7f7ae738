import { z } from "zod";
import { type Recipe, recipeSchema } from "#engine/recipe.schema.ts";
import { pageInput } from "./page.ts";
import { slug } from "./slug.ts";
import { trimmed } from "./text.ts";

/** As long as a recipe file may be; lists of node names are what makes one long. */
export const maxRecipeLength = 1_000_000;

/** A recipe that a row can hold: bounded, and without NUL, which PostgreSQL cannot store. */
export const storedRecipe = recipeSchema.refine(
  (recipe) => {
    const text = JSON.stringify(recipe);
    return text.length <= maxRecipeLength && !text.includes("\\u0000");
  },
  { message: "too long, or with NUL characters in a name" },
);

/** Leaves room for the number of the version in the names of runs. */
export const maxRecipeName = 80;

/** Under a name that the project has, it becomes the next version of that recipe. */
export const saveRecipeInput = z.object({
  project: slug,
  recipe: storedRecipe
    .refine(({ name }) => name.length <= maxRecipeName, { path: ["name"], message: "too long" })
    .refine(({ steps }) => steps.length > 0, { path: ["steps"], message: "at least one step" }),
  note: trimmed(500).default(""),
});
export const listRecipesInput = pageInput.extend({
  project: slug,
  search: trimmed(100).default(""),
  archived: z.boolean().default(false),
});
export const recipeInput = z.object({ project: slug, recipe: slug });
export const archiveRecipeInput = z.object({ recipeId: z.uuid(), archived: z.boolean() });

export interface RecipeVersionRow {
  readonly id: string;
  readonly number: number;
  readonly note: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** Runs that were launched with exactly this version. */
  readonly runs: number;
  /** null where this version of the engine does not understand it any more. */
  readonly recipe: Recipe | null;
}

export interface RecipeRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly isArchived: boolean;
  readonly versions: number;
  /** Runs of all versions together. */
  readonly runs: number;
  readonly latest: Omit<RecipeVersionRow, "runs">;
}

export interface RecipeDetail {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly isArchived: boolean;
  /** Newest first. */
  readonly versions: readonly RecipeVersionRow[];
}

export interface SavedRecipe {
  readonly recipeId: string;
  readonly slug: string;
  readonly versionId: string;
  readonly number: number;
  /** False where the newest version is the same already, so that none was made. */
  readonly isNew: boolean;
}

/** Where a run's recipe came from. */
export interface RecipeOrigin {
  readonly slug: string;
  readonly name: string;
  readonly number: number;
}

/** A recipe that the engine brings along under a name of its own. */
export interface RecipePreset {
  readonly recipe: Recipe;
  /** In one sentence, in English; the messages have it in the reader's language. */
  readonly summary: string;
  readonly suits: string;
}
