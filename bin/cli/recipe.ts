import { stat } from "node:fs/promises";
import type { Recipe } from "#engine/recipe.schema.ts";
import { findRecipe, namedRecipes, parseRecipe } from "#engine/recipes.ts";
import { readFile } from "#engine/runtime/files.ts";
import { atPath } from "./load.ts";
import { UsageError } from "./usage.ts";

/** A recipe is a page of text. */
const maxBytes = 1_000_000;

/** The recipe of that name, else the recipe file at that path. */
export async function loadRecipe(nameOrPath: string): Promise<Recipe> {
  const named = findRecipe(nameOrPath);
  if (named !== undefined) return named.recipe;
  if ((await stat(nameOrPath).catch(() => undefined)) === undefined) {
    const names = namedRecipes.map(({ recipe }) => recipe.name).join(", ");
    throw new UsageError(`"${nameOrPath}" is neither a recipe file nor one of the recipes ${names}`);
  }
  const text = new TextDecoder().decode(await readFile(nameOrPath, maxBytes));
  return await atPath(nameOrPath, async () => parseRecipe(text));
}
