import type { PageInput } from "#contracts/page.ts";
import type { OrganisationScope, TenantScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

export const versionRow = {
  id: true,
  number: true,
  state: true,
  fileName: true,
  bytes: true,
  sha256: true,
  parameters: true,
  parentVersionId: true,
  runId: true,
  createdAt: true,
  _count: { select: { sources: true } },
} as const;

const sourceRow = { name: true, artifact: { select: { sha256: true, bytes: true } } } as const;

const within = (scope: TenantScope, projectId: string, search: string) => ({
  organisationId: scope.organisationId,
  projectId,
  ...(search !== "" && { name: { contains: search, mode: "insensitive" as const } }),
});

/** One more than a page, newest first. */
export function list(tx: Tx, scope: OrganisationScope, projectId: string, search: string, page: PageInput) {
  return tx.model.findMany({
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
  return tx.model.count({ where: within(scope, projectId, search) });
}

export function findBySlug(tx: Tx, scope: OrganisationScope, projectId: string, slug: string) {
  return tx.model.findFirst({
    where: { organisationId: scope.organisationId, projectId, slug },
    include: { versions: { select: versionRow, orderBy: { number: "desc" }, take: 500 } },
  });
}

export function findVersion(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  slug: string,
  number: number,
) {
  return tx.modelVersion.findFirst({
    where: { organisationId: scope.organisationId, projectId, number, model: { slug } },
    select: {
      ...versionRow,
      createdById: true,
      inspection: true,
      conversion: true,
      model: { select: { slug: true, name: true } },
      sources: { select: sourceRow, orderBy: { name: "asc" } },
    },
  });
}

/** A version by its ID, wherever in the organisation, with what a download or another module needs. */
export function findVersionById(tx: Tx, scope: TenantScope, id: string) {
  return tx.modelVersion.findFirst({
    where: { id, organisationId: scope.organisationId },
    select: {
      ...versionRow,
      projectId: true,
      modelId: true,
      artifactId: true,
      inspection: true,
      model: { select: { slug: true, name: true, trainingData: true } },
    },
  });
}

/** One file of what a version was converted from. */
export function findSource(tx: Tx, scope: TenantScope, modelVersionId: string, name: string) {
  return tx.modelSource.findFirst({
    where: { modelVersionId, name, modelVersion: { organisationId: scope.organisationId } },
    select: sourceRow,
  });
}

export async function update(
  tx: Tx,
  scope: OrganisationScope,
  id: string,
  data: { name?: string; description?: string; trainingData?: string; licence?: string },
): Promise<boolean> {
  const done = await tx.model.updateMany({ where: { id, organisationId: scope.organisationId }, data });
  return done.count === 1;
}

/** Takes the owner's ID so that a shared run can say it too. The inspection itself may be large, and stays there. */
export async function isUntrained(tx: Tx, organisationId: string, versionId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ found: boolean }[]>`
    select jsonb_exists("inspection", 'untrained') as found from "model_version"
    where "id" = ${versionId}::uuid and "organisationId" = ${organisationId}::uuid`;
  return rows[0]?.found === true;
}
