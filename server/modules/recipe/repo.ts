import type { PageInput } from "#contracts/page.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import type { Tx } from "#server/db/client.ts";

const version = {
  id: true,
  number: true,
  note: true,
  content: true,
  createdById: true,
  createdAt: true,
} as const;

export interface Wanted {
  readonly projectId: string;
  readonly search: string;
  readonly archived: boolean;
}

const within = (scope: OrganisationScope, { projectId, search, archived }: Wanted) => ({
  organisationId: scope.organisationId,
  projectId,
  archivedAt: archived ? { not: null } : null,
  ...(search !== "" && { name: { contains: search, mode: "insensitive" as const } }),
});

/** One more than a page, newest first. */
export function list(tx: Tx, scope: OrganisationScope, wanted: Wanted, page: PageInput) {
  return tx.recipe.findMany({
    where: { ...within(scope, wanted), ...(page.cursor && { id: { lt: page.cursor } }) },
    select: {
      id: true,
      slug: true,
      name: true,
      archivedAt: true,
      _count: { select: { versions: true } },
      versions: { select: version, orderBy: { number: "desc" }, take: 1 },
    },
    orderBy: { id: "desc" },
    take: page.limit + 1,
  });
}

export function count(tx: Tx, scope: OrganisationScope, wanted: Wanted) {
  return tx.recipe.count({ where: within(scope, wanted) });
}

export function findBySlug(tx: Tx, scope: OrganisationScope, projectId: string, slug: string) {
  return tx.recipe.findFirst({
    where: { organisationId: scope.organisationId, projectId, slug },
    select: {
      id: true,
      slug: true,
      name: true,
      archivedAt: true,
      versions: { select: version, orderBy: { number: "desc" }, take: 500 },
    },
  });
}

/** Runs that were launched with a version of these recipes, by version. */
export function runsByVersion(tx: Tx, scope: OrganisationScope, recipeIds: readonly string[]) {
  const { organisationId } = scope;
  return tx.$queryRaw<{ recipeId: string; versionId: string; runs: number }[]>`
    select v."recipeId"::text, v."id"::text as "versionId", count(*)::int as "runs"
    from "recipe_version" v join "run" r on r."recipeVersionId" = v."id"
    where v."recipeId" = any(${[...recipeIds]}::uuid[]) and v."organisationId" = ${organisationId}::uuid
    group by v."recipeId", v."id"`;
}

/** Locks the recipe of that name, so that its versions are numbered one at a time; undefined where there is none. */
export async function lockByName(tx: Tx, scope: OrganisationScope, projectId: string, name: string) {
  const rows = await tx.$queryRaw<{ id: string; slug: string }[]>`
    select "id"::text, "slug" from "recipe"
    where "projectId" = ${projectId}::uuid and "organisationId" = ${scope.organisationId}::uuid
      and "name" = ${name}
    for update`;
  return rows[0];
}

/** undefined where the name or the slug is taken in the project. */
export async function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: { projectId: string; slug: string; name: string },
) {
  const made = await tx.recipe.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId, createdById: scope.userId }],
    skipDuplicates: true,
    select: { id: true, slug: true },
  });
  return made[0];
}

export function latestVersion(tx: Tx, scope: OrganisationScope, recipeId: string) {
  return tx.recipeVersion.findFirst({
    where: { recipeId, organisationId: scope.organisationId },
    select: version,
    orderBy: { number: "desc" },
  });
}

export function insertVersion(
  tx: Tx,
  scope: OrganisationScope,
  data: { projectId: string; recipeId: string; number: number; content: Recipe; note: string },
) {
  return tx.recipeVersion.create({
    data: { ...data, organisationId: scope.organisationId, createdById: scope.userId },
    select: { id: true, number: true },
  });
}

export async function setArchived(
  tx: Tx,
  scope: OrganisationScope,
  id: string,
  archivedAt: Date | null,
): Promise<boolean> {
  const done = await tx.recipe.updateMany({
    where: { id, organisationId: scope.organisationId },
    data: { archivedAt },
  });
  return done.count === 1;
}

/** Those of these versions that belong to the project. */
export function versionsOf(tx: Tx, scope: OrganisationScope, projectId: string, ids: readonly string[]) {
  return tx.recipeVersion.findMany({
    where: { id: { in: [...ids] }, projectId, organisationId: scope.organisationId },
    select: { id: true, number: true, content: true, recipe: { select: { name: true } } },
  });
}
