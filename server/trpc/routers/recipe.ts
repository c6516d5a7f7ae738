import { archiveRecipeInput, listRecipesInput, recipeInput, saveRecipeInput } from "#contracts/recipe.ts";
import * as recipe from "#server/modules/recipe/service.ts";
import { organisationProcedure, router } from "../init.ts";

export const recipeRouter = router({
  presets: organisationProcedure("recipe.read").query(() => recipe.presets()),
  list: organisationProcedure("recipe.read")
    .input(listRecipesInput)
    .query(({ ctx, input }) => recipe.list(ctx.db, ctx.scope, input)),
  get: organisationProcedure("recipe.read")
    .input(recipeInput)
    .query(({ ctx, input }) => recipe.get(ctx.db, ctx.scope, input.project, input.recipe)),
  save: organisationProcedure("recipe.save")
    .input(saveRecipeInput)
    .mutation(({ ctx, input }) => recipe.save(ctx.db, ctx.scope, input)),
  archive: organisationProcedure("recipe.archive")
    .input(archiveRecipeInput)
    .mutation(({ ctx, input }) => recipe.archive(ctx.db, ctx.scope, input)),
});
