import type { Problem } from "#contracts/problem.ts";
import type { OrganisationScope, TenantScope, WorkerScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

const row = {
  id: true,
  projectId: true,
  fileName: true,
  state: true,
  bytes: true,
  problem: true,
  createdAt: true,
  artifactId: true,
  artifact: { select: { sha256: true } },
} as const;

export function list(tx: Tx, scope: OrganisationScope, projectId: string) {
  return tx.upload.findMany({
    where: { organisationId: scope.organisationId, projectId },
    select: row,
    orderBy: { id: "desc" },
    take: 50,
  });
}

export function find(tx: Tx, scope: TenantScope, id: string) {
  return tx.upload.findFirst({ where: { id, organisationId: scope.organisationId }, select: row });
}

export function findMany(tx: Tx, scope: OrganisationScope, projectId: string, ids: string[]) {
  return tx.upload.findMany({
    where: { id: { in: ids }, projectId, organisationId: scope.organisationId },
    select: row,
  });
}

export function insert(tx: Tx, scope: OrganisationScope, data: { projectId: string; fileName: string }) {
  return tx.upload.create({
    data: { ...data, organisationId: scope.organisationId, createdById: scope.userId },
    select: { id: true },
  });
}

/** False where the row has been removed meanwhile. */
export async function setReceived(
  tx: Tx,
  scope: OrganisationScope,
  id: string,
  data: { artifactId: string; bytes: number },
): Promise<boolean> {
  const done = await tx.upload.updateMany({
    where: { id, organisationId: scope.organisationId, state: "receiving" },
    data: { state: "received", ...data },
  });
  return done.count === 1;
}

/** Locks uploads of the project; missing ones are left out. */
export function lock(tx: Tx, scope: TenantScope, projectId: string, ids: readonly string[]) {
  return tx.$queryRaw<{ id: string; state: string; fileName: string; artifactId: string | null }[]>`
    select "id"::text, "state"::text, "fileName", "artifactId"::text from "upload"
    where "organisationId" = ${scope.organisationId}::uuid and "projectId" = ${projectId}::uuid
      and "id" = any(${[...ids]}::uuid[])
    order by "id" for update`;
}

/** Whether an upload of one of these files is being checked in the project. */
export async function isChecking(
  tx: Tx,
  scope: TenantScope,
  projectId: string,
  artifactIds: string[],
): Promise<boolean> {
  const where = {
    organisationId: scope.organisationId,
    projectId,
    artifactId: { in: artifactIds },
    state: "checking",
  } as const;
  return (await tx.upload.count({ where })) > 0;
}

export function setChecking(tx: Tx, scope: TenantScope, ids: string[]) {
  return tx.upload.updateMany({
    where: { id: { in: ids }, organisationId: scope.organisationId },
    data: { state: "checking" },
  });
}

/** Ends the checking of these files' uploads in the project; a rejected one lets its file go. */
export function settle(tx: Tx, scope: WorkerScope, artifactIds: string[], problem: Problem | undefined) {
  return tx.upload.updateMany({
    where: {
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      artifactId: { in: artifactIds },
      state: "checking",
    },
    data: problem ? { state: "rejected", problem, artifactId: null } : { state: "registered" },
  });
}

export function remove(tx: Tx, scope: TenantScope, id: string) {
  return tx.upload.deleteMany({ where: { id, organisationId: scope.organisationId } });
}

/**
 * Uploads that nobody will finish, of any organisation: still `receiving` although no upload takes that long, or
 * received and never registered. Oldest first.
 */
export function stale(tx: Tx, before: { receiving: Date; received: Date }, limit: number) {
  return tx.upload.findMany({
    where: {
      OR: [
        { state: "receiving", createdAt: { lt: before.receiving } },
        { state: "received", createdAt: { lt: before.received } },
      ],
    },
    select: { id: true, projectId: true, state: true },
    orderBy: { createdAt: "asc" },
    take: limit,
  });
}
