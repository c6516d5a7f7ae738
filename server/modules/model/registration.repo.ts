import type { OrganisationScope, TenantScope, WorkerScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";
import type { Json } from "#server/lib/storable.ts";

export interface NewModel {
  readonly projectId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly trainingData: string;
  readonly licence: string;
}

/** undefined where the slug is taken in the project. */
export async function insertModel(tx: Tx, scope: OrganisationScope, data: NewModel) {
  const made = await tx.model.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId, createdById: scope.userId }],
    skipDuplicates: true,
    select: { id: true, slug: true },
  });
  return made[0];
}

/** Locks a model, so that its versions are numbered and removed one at a time. */
export async function lockModel(tx: Tx, scope: TenantScope, projectId: string, id: string) {
  const rows = await tx.$queryRaw<{ id: string; slug: string }[]>`
    select "id"::text, "slug" from "model"
    where "id" = ${id}::uuid and "organisationId" = ${scope.organisationId}::uuid
      and "projectId" = ${projectId}::uuid
    for update`;
  return rows[0];
}

export async function nextNumber(tx: Tx, scope: TenantScope, modelId: string): Promise<number> {
  const found = await tx.modelVersion.aggregate({
    where: { modelId, organisationId: scope.organisationId },
    _max: { number: true },
  });
  return (found._max.number ?? 0) + 1;
}

export interface NewVersion {
  readonly projectId: string;
  readonly modelId: string;
  readonly number: number;
  readonly artifactId: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly state?: "checking" | "ready";
  readonly inspection?: { [key: string]: Json };
  readonly parameters?: number;
  readonly parentVersionId?: string;
  readonly runId?: string;
  readonly recipe?: { [key: string]: Json };
}

export function insertVersion(tx: Tx, scope: TenantScope, data: NewVersion) {
  return tx.modelVersion.create({
    data: { ...data, organisationId: scope.organisationId, createdById: scope.userId },
    select: { id: true, number: true },
  });
}

/** The files of a version as they were handed over. */
export async function insertSources(
  tx: Tx,
  scope: TenantScope,
  modelVersionId: string,
  sources: readonly { readonly name: string; readonly artifactId: string }[],
): Promise<void> {
  const own = await tx.modelVersion.count({
    where: { id: modelVersionId, organisationId: scope.organisationId },
  });
  if (own === 0) throw new Error("The version belongs to another organisation");
  await tx.modelSource.createMany({ data: sources.map((source) => ({ ...source, modelVersionId })) });
}

/** Files of the version that the worker checks, by name. */
export function sourcesOf(tx: Tx, scope: WorkerScope) {
  return tx.modelSource.findMany({
    where: { modelVersionId: scope.subjectId, modelVersion: { organisationId: scope.organisationId } },
    select: { name: true, artifactId: true, artifact: { select: { sha256: true } } },
    orderBy: { name: "asc" },
  });
}

/** They were an ONNX file after all, which the version itself names. */
export function removeSources(tx: Tx, scope: WorkerScope) {
  return tx.modelSource.deleteMany({
    where: { modelVersionId: scope.subjectId, modelVersion: { organisationId: scope.organisationId } },
  });
}

/** The version that the worker checks, locked; undefined when it is not being checked any more. */
export async function lockChecking(tx: Tx, scope: WorkerScope) {
  const rows = await tx.$queryRaw<{ id: string; modelId: string; artifactId: string; fileName: string }[]>`
    select "id"::text, "modelId"::text, "artifactId"::text, "fileName" from "model_version"
    where "id" = ${scope.subjectId}::uuid and "organisationId" = ${scope.organisationId}::uuid
      and "state" = 'checking'
    for update`;
  return rows[0];
}

export function setReady(
  tx: Tx,
  scope: WorkerScope,
  data: {
    inspection: { [key: string]: Json };
    parameters: number;
    /** The ONNX file that takes the place of what was handed over. */
    file?: { artifactId: string; fileName: string; bytes: number; sha256: string };
    conversion?: { [key: string]: Json };
  },
) {
  const { file, ...rest } = data;
  return tx.modelVersion.updateMany({
    where: { id: scope.subjectId, organisationId: scope.organisationId, state: "checking" },
    data: { state: "ready", ...rest, ...file },
  });
}

export function removeVersion(tx: Tx, scope: WorkerScope, id: string) {
  return tx.modelVersion.deleteMany({
    where: { id, organisationId: scope.organisationId, state: "checking" },
  });
}

/** Removes the model unless it has versions. */
export async function removeEmptyModel(tx: Tx, scope: WorkerScope, id: string): Promise<boolean> {
  const done = await tx.model.deleteMany({
    where: { id, organisationId: scope.organisationId, versions: { none: {} } },
  });
  return done.count === 1;
}

export function findByRun(tx: Tx, scope: WorkerScope, runId: string) {
  return tx.modelVersion.findFirst({
    where: { runId, organisationId: scope.organisationId },
    select: { id: true, number: true },
  });
}
