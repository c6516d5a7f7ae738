import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type {
  listModelsInput,
  ModelDetail,
  ModelRow,
  ModelStatus,
  ModelVersionDetail,
  ModelVersionRow,
  updateModelInput,
} from "#contracts/model.ts";
import type { Page } from "#contracts/page.ts";
import type { OrganisationScope, TenantScope } from "#contracts/scope.ts";
import { conversionSchema } from "#engine/formats/conversion.schema.ts";
import { type Inspection, inspectionSchema } from "#engine/inspect.schema.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { namesOf } from "#server/modules/person/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import * as repo from "./repo.ts";

type FoundVersion = NonNullable<Awaited<ReturnType<typeof repo.findBySlug>>>["versions"][number];

export function toVersionRow(found: FoundVersion): ModelVersionRow {
  const { id, number, state, fileName, sha256, parentVersionId, runId, createdAt } = found;
  const parameters = found.parameters === null ? null : Number(found.parameters);
  return {
    id,
    number,
    state,
    fileName,
    bytes: Number(found.bytes),
    sha256,
    parameters,
    parentVersionId,
    runId,
    isConverted: found._count.sources > 0,
    createdAt,
  };
}

export async function list(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof listModelsInput>,
): Promise<Page<ModelRow>> {
  const project = await requireProject(db, scope, input.project);
  const [found, total] = await Promise.all([
    repo.list(db, scope, project.id, input.search, input),
    repo.count(db, scope, project.id, input.search),
  ]);
  const rows = found.slice(0, input.limit).map(({ _count, versions, ...model }) => ({
    ...model,
    versions: _count.versions,
    latest: versions[0] ? toVersionRow(versions[0]) : null,
  }));
  return { rows, nextCursor: found.length > input.limit ? (rows.at(-1)?.id ?? null) : null, total };
}

export async function get(
  db: Db,
  scope: OrganisationScope,
  projectSlug: string,
  slug: string,
): Promise<ModelDetail> {
  const project = await requireProject(db, scope, projectSlug);
  const found = await repo.findBySlug(db, scope, project.id, slug);
  if (!found) throw new AppError("notFound");
  const nameOf = await namesOf(db, scope, [found.createdById]);
  const { id, name, description, trainingData, licence, createdAt } = found;
  return {
    id,
    slug,
    name,
    description,
    trainingData,
    licence,
    createdAt,
    createdBy: nameOf(found.createdById),
    versions: found.versions.map(toVersionRow),
  };
}

export async function version(
  db: Db,
  scope: OrganisationScope,
  projectSlug: string,
  slug: string,
  number: number,
): Promise<ModelVersionDetail> {
  const project = await requireProject(db, scope, projectSlug);
  const found = await repo.findVersion(db, scope, project.id, slug, number);
  if (!found) throw new AppError("notFound");
  const nameOf = await namesOf(db, scope, [found.createdById]);
  return {
    ...toVersionRow(found),
    model: found.model,
    createdBy: nameOf(found.createdById),
    inspection: inspectionOf(found.inspection),
    conversion: found.conversion === null ? null : conversionSchema.parse(found.conversion),
    sources: found.sources.map(({ name, artifact: { sha256, bytes } }) => ({
      name,
      sha256,
      bytes: Number(bytes),
    })),
  };
}

/** null until the version is ready. */
function inspectionOf(stored: unknown): Inspection | null {
  return stored === null ? null : inspectionSchema.parse(stored);
}

/** Whether a version is still being checked. One that was rejected is gone: `notFound`; its upload has the reason. */
export async function status(db: Db, scope: OrganisationScope, versionId: string): Promise<ModelStatus> {
  const found = await repo.findVersionById(db, scope, versionId);
  if (!found) throw new AppError("notFound");
  return { versionId, state: found.state };
}

export async function update(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof updateModelInput>,
): Promise<void> {
  const { modelId, name, description, trainingData, licence } = input;
  if (!(await repo.update(db, scope, modelId, { name, description, trainingData, licence }))) {
    throw new AppError("notFound");
  }
}

export interface UsableModelVersion {
  readonly id: string;
  readonly projectId: string;
  readonly number: number;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly inspection: Inspection;
  readonly model: { readonly slug: string; readonly name: string; readonly trainingData: string };
}

/**
 * A version of the organisation that can be used: for launching a run, running it, or downloading the file.
 *
 * @throws AppError `notFound`, or `notReady` while it is being checked
 */
export async function requireReadyVersion(
  tx: Tx,
  scope: TenantScope,
  versionId: string,
): Promise<UsableModelVersion> {
  const found = await repo.findVersionById(tx, scope, versionId);
  if (!found) throw new AppError("notFound");
  const inspection = inspectionOf(found.inspection);
  if (found.state !== "ready" || inspection === null) throw new AppError("notReady");
  const { id, projectId, number, fileName, bytes, sha256, model } = found;
  return { id, projectId, number, fileName, bytes: Number(bytes), sha256, inspection, model };
}

/**
 * A file as it was handed over, of a version that was converted from it.
 *
 * @throws AppError `notFound`, or `notReady` while it is being checked
 */
export async function requireSource(
  tx: Tx,
  scope: TenantScope,
  versionId: string,
  name: string,
): Promise<{ readonly fileName: string; readonly sha256: string; readonly bytes: number }> {
  await requireReadyVersion(tx, scope, versionId);
  const found = await repo.findSource(tx, scope, versionId, name);
  if (!found) throw new AppError("notFound");
  const { sha256, bytes } = found.artifact;
  return { fileName: found.name, sha256, bytes: Number(bytes) };
}

/** Whether a version's file says that nothing has trained it yet. */
export function isUntrained(tx: Tx, organisationId: string, versionId: string): Promise<boolean> {
  return repo.isUntrained(tx, organisationId, versionId);
}
