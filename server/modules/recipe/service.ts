import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { Page } from "#contracts/page.ts";
import type {
  archiveRecipeInput,
  listRecipesInput,
  RecipeDetail,
  RecipePreset,
  RecipeRow,
  SavedRecipe,
  saveRecipeInput,
} from "#contracts/recipe.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { slugOf } from "#contracts/slug.ts";
import { type Recipe, recipeSchema } from "#engine/recipe.schema.ts";
import { namedRecipes } from "#engine/recipes.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { namesOf } from "#server/modules/person/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import * as repo from "./repo.ts";

/** Versions of one recipe: more are no history that anybody reads, but a script that lost its way. */
const maxVersions = 10_000;

const recipeOf = (content: unknown): Recipe | null => recipeSchema.safeParse(content).data ?? null;

/** What the engine brings along, as a starting point. */
export function presets(): RecipePreset[] {
  return namedRecipes.map(({ recipe, summary, suits }) => ({ recipe, summary, suits }));
}

/** Runs per recipe and per version. */
async function usage(tx: Tx, scope: OrganisationScope, recipeIds: readonly string[]) {
  const rows = recipeIds.length === 0 ? [] : await repo.runsByVersion(tx, scope, recipeIds);
  const ofVersion = new Map(rows.map(({ versionId, runs }) => [versionId, runs]));
  const ofRecipe = new Map<string, number>();
  for (const { recipeId, runs } of rows) ofRecipe.set(recipeId, (ofRecipe.get(recipeId) ?? 0) + runs);
  return {
    ofVersion: (id: string) => ofVersion.get(id) ?? 0,
    ofRecipe: (id: string) => ofRecipe.get(id) ?? 0,
  };
}

export async function list(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof listRecipesInput>,
): Promise<Page<RecipeRow>> {
  const { id: projectId } = await requireProject(db, scope, input.project);
  const wanted = { projectId, search: input.search, archived: input.archived };
  const [found, total] = await Promise.all([
    repo.list(db, scope, wanted, input),
    repo.count(db, scope, wanted),
  ]);
  const page = found.slice(0, input.limit);
  const authors = page.flatMap(({ versions }) => versions.map((version) => version.createdById));
  const [nameOf, used] = await Promise.all([
    namesOf(db, scope, authors),
    usage(
      db,
      scope,
      page.map(({ id }) => id),
    ),
  ]);
  const rows = page.flatMap(({ _count, versions: [latest], archivedAt, ...recipe }): RecipeRow[] => {
    if (!latest) return [];
    const { content, createdById, ...version } = latest;
    return [
      {
        ...recipe,
        isArchived: archivedAt !== null,
        versions: _count.versions,
        runs: used.ofRecipe(recipe.id),
        latest: { ...version, createdBy: nameOf(createdById), recipe: recipeOf(content) },
      },
    ];
  });
  return { rows, nextCursor: found.length > input.limit ? (page.at(-1)?.id ?? null) : null, total };
}

export async function get(
  db: Db,
  scope: OrganisationScope,
  projectSlug: string,
  slug: string,
): Promise<RecipeDetail> {
  const project = await requireProject(db, scope, projectSlug);
  const found = await repo.findBySlug(db, scope, project.id, slug);
  if (!found) throw new AppError("notFound");
  const [nameOf, used] = await Promise.all([
    namesOf(
      db,
      scope,
      found.versions.map(({ createdById }) => createdById),
    ),
    usage(db, scope, [found.id]),
  ]);
  const { id, name, archivedAt } = found;
  return {
    id,
    slug,
    name,
    isArchived: archivedAt !== null,
    versions: found.versions.map(({ content, createdById, ...version }) => ({
      ...version,
      createdBy: nameOf(createdById),
      runs: used.ofVersion(version.id),
      recipe: recipeOf(content),
    })),
  };
}

/**
 * Saves a recipe under its name: the first version of a new recipe, or the next one of the recipe of that name, which
 * comes back where it was archived. What equals the newest version makes none.
 */
export async function save(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof saveRecipeInput>,
): Promise<SavedRecipe> {
  const { recipe: content, note } = input;
  const project = await requireProject(db, scope, input.project);
  return db.$transaction(async (tx) => {
    const { id: recipeId, slug } = await recipeNamed(tx, scope, project.id, content.name);
    const latest = await repo.latestVersion(tx, scope, recipeId);
    await repo.setArchived(tx, scope, recipeId, null);
    if (latest && isDeepStrictEqual(recipeOf(latest.content), content))
      return { recipeId, slug, versionId: latest.id, number: latest.number, isNew: false };
    const number = (latest?.number ?? 0) + 1;
    if (number > maxVersions) throw new AppError("invalidInput", { fields: "recipe", limit: maxVersions });
    const version = await repo.insertVersion(tx, scope, {
      projectId: project.id,
      recipeId,
      number,
      content,
      note,
    });
    return { recipeId, slug, versionId: version.id, number, isNew: true };
  });
}

/** The recipe of that name, locked; made where there is none. */
async function recipeNamed(tx: Tx, scope: OrganisationScope, projectId: string, name: string) {
  const base = slugOf(name, "recipe");
  const slugs = [base, ...Array.from({ length: 3 }, () => `${base}-${randomBytes(2).toString("hex")}`)];
  for (const slug of slugs) {
    const present = await repo.lockByName(tx, scope, projectId, name);
    if (present) return present;
    // Refused where the slug belongs to another name, or where somebody makes the same recipe at this moment.
    const made = await repo.insert(tx, scope, { projectId, slug, name });
    if (made) return made;
  }
  throw new AppError("slugTaken");
}

export async function archive(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof archiveRecipeInput>,
): Promise<void> {
  const done = await repo.setArchived(db, scope, input.recipeId, input.archived ? new Date() : null);
  if (!done) throw new AppError("notFound");
}

/**
 * Saved versions of the project for launching, each with the name that its runs get.
 *
 * @throws AppError `notFound` for a version of another project, `invalidInput` for one that the engine of now refuses
 */
export async function recipesToLaunch(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  versionIds: readonly string[],
): Promise<(versionId: string) => { recipe: Recipe; label: string }> {
  const found = versionIds.length === 0 ? [] : await repo.versionsOf(tx, scope, projectId, versionIds);
  const byId = new Map(found.map((version) => [version.id, version]));
  return (id) => {
    const version = byId.get(id);
    if (!version) throw new AppError("notFound");
    const label = `${version.recipe.name} v${version.number}`;
    const recipe = recipeOf(version.content);
    if (!recipe) throw new AppError("invalidInput", { fields: "recipes", recipe: label });
    return { recipe, label };
  };
}
