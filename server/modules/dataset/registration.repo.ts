import type { OrganisationScope, TenantScope, WorkerScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";
import type { Json } from "#server/lib/storable.ts";

export interface NewDataset {
  readonly projectId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly licence: string;
}

/** undefined where the slug is taken in the project. */
export async function insertDataset(tx: Tx, scope: OrganisationScope, data: NewDataset) {
  const made = await tx.dataset.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId, createdById: scope.userId }],
    skipDuplicates: true,
    select: { id: true, slug: true },
  });
  return made[0];
}

/** Locks a dataset, so that its versions are numbered and removed one at a time. */
export async function lockDataset(tx: Tx, scope: TenantScope, projectId: string, id: string) {
  const rows = await tx.$queryRaw<{ id: string; slug: string }[]>`
    select "id"::text, "slug" from "dataset"
    where "id" = ${id}::uuid and "organisationId" = ${scope.organisationId}::uuid
      and "projectId" = ${projectId}::uuid
    for update`;
  return rows[0];
}

export async function nextNumber(tx: Tx, scope: TenantScope, datasetId: string): Promise<number> {
  const found = await tx.datasetVersion.aggregate({
    where: { datasetId, organisationId: scope.organisationId },
    _max: { number: true },
  });
  return (found._max.number ?? 0) + 1;
}

export interface NewVersion {
  readonly projectId: string;
  readonly datasetId: string;
  readonly number: number;
  readonly task: string;
  readonly manifest: { [key: string]: Json };
}

export function insertVersion(
  tx: Tx,
  scope: OrganisationScope,
  data: NewVersion,
  files: { name: string; artifactId: string }[],
) {
  return tx.datasetVersion.create({
    data: {
      ...data,
      organisationId: scope.organisationId,
      createdById: scope.userId,
      files: { create: files },
    },
    select: { id: true },
  });
}

/** The version that the worker checks, locked; undefined when it is not being checked any more. */
export async function lockChecking(tx: Tx, scope: WorkerScope) {
  const rows = await tx.$queryRaw<{ id: string; datasetId: string }[]>`
    select "id"::text, "datasetId"::text from "dataset_version"
    where "id" = ${scope.subjectId}::uuid and "organisationId" = ${scope.organisationId}::uuid
      and "state" = 'checking'
    for update`;
  return rows[0];
}

export async function artifactsOf(tx: Tx, scope: WorkerScope): Promise<string[]> {
  const rows = await tx.datasetFile.findMany({
    where: {
      datasetVersionId: scope.subjectId,
      datasetVersion: { organisationId: scope.organisationId },
    },
    select: { artifactId: true },
  });
  return [...new Set(rows.map((row) => row.artifactId))];
}

export function setReady(
  tx: Tx,
  scope: WorkerScope,
  data: { summary: { [key: string]: Json }; digest: string },
) {
  return tx.datasetVersion.updateMany({
    where: { id: scope.subjectId, organisationId: scope.organisationId, state: "checking" },
    data: { state: "ready", ...data },
  });
}

/** The rows that name its files go with it. */
export function removeVersion(tx: Tx, scope: WorkerScope) {
  return tx.datasetVersion.deleteMany({
    where: { id: scope.subjectId, organisationId: scope.organisationId, state: "checking" },
  });
}

/** Removes the dataset unless it has versions. */
export function removeEmptyDataset(tx: Tx, scope: WorkerScope, id: string) {
  return tx.dataset.deleteMany({
    where: { id, organisationId: scope.organisationId, versions: { none: {} } },
  });
}
