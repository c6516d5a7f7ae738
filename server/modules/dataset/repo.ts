import type { PageInput } from "#contracts/page.ts";
import type { OrganisationScope, TenantScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

const versionRow = {
  id: true,
  number: true,
  state: true,
  task: true,
  summary: true,
  digest: true,
  createdAt: true,
  files: {
    select: { name: true, artifact: { select: { sha256: true, bytes: true } } },
    orderBy: { name: "asc" },
  },
} as const;

const within = (scope: TenantScope, projectId: string, search: string) => ({
  organisationId: scope.organisationId,
  projectId,
  ...(search !== "" && { name: { contains: search, mode: "insensitive" as const } }),
});

/** One more than a page, newest first. */
export function list(tx: Tx, scope: OrganisationScope, projectId: string, search: string, page: PageInput) {
  return tx.dataset.findMany({
    where: { ...within(scope, projectId, search), ...(page.cursor && { id: { lt: page.cursor } }) },
    select: {
      id: true,
      slug: true,
      name: true,
      description: true,
      licence: true,
      createdAt: true,
      _count: { select: { versions: true } },
      versions: { select: versionRow, orderBy: { number: "desc" }, take: 1 },
    },
    orderBy: { id: "desc" },
    take: page.limit + 1,
  });
}

export function count(tx: Tx, scope: OrganisationScope, projectId: string, search: string) {
  return tx.dataset.count({ where: within(scope, projectId, search) });
}

export function findBySlug(tx: Tx, scope: OrganisationScope, projectId: string, slug: string) {
  return tx.dataset.findFirst({
    where: { organisationId: scope.organisationId, projectId, slug },
    include: { versions: { select: versionRow, orderBy: { number: "desc" }, take: 100 } },
  });
}

export function findVersion(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  slug: string,
  number: number,
) {
  return tx.datasetVersion.findFirst({
    where: { organisationId: scope.organisationId, projectId, number, dataset: { slug } },
    select: {
      ...versionRow,
      manifest: true,
      createdById: true,
      dataset: { select: { slug: true, name: true } },
    },
  });
}

export function findVersionById(tx: Tx, scope: TenantScope, id: string) {
  return tx.datasetVersion.findFirst({
    where: { id, organisationId: scope.organisationId },
    select: {
      ...versionRow,
      projectId: true,
      manifest: true,
      dataset: { select: { slug: true, name: true } },
    },
  });
}

/** Changes what is said about a dataset, never a version of it. */
export async function update(
  tx: Tx,
  scope: OrganisationScope,
  id: string,
  data: { name?: string; description?: string; source?: string; licence?: string },
): Promise<boolean> {
  const done = await tx.dataset.updateMany({ where: { id, organisationId: scope.organisationId }, data });
  return done.count === 1;
}
