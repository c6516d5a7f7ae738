import type { z } from "zod";
import type {
  DatasetDetail,
  DatasetRow,
  DatasetStatus,
  DatasetVersionDetail,
  DatasetVersionRow,
  listDatasetsInput,
  updateDatasetInput,
} from "#contracts/dataset.ts";
import { AppError } from "#contracts/errors.ts";
import type { Page } from "#contracts/page.ts";
import type { OrganisationScope, TenantScope } from "#contracts/scope.ts";
import { type Manifest, manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import { type DatasetSummary, datasetSummarySchema } from "#engine/evaluate/dataset/summary.schema.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { namesOf } from "#server/modules/person/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import * as repo from "./repo.ts";

type FoundVersion = NonNullable<Awaited<ReturnType<typeof repo.findBySlug>>>["versions"][number];

const summaryOf = (stored: unknown): DatasetSummary | null =>
  stored === null ? null : datasetSummarySchema.parse(stored);

const filesOf = (found: Pick<FoundVersion, "files">) =>
  found.files.map(({ name, artifact }) => ({ name, sha256: artifact.sha256, bytes: Number(artifact.bytes) }));

function toVersionRow(found: FoundVersion): DatasetVersionRow {
  const { id, number, state, task, digest, createdAt } = found;
  const bytes = filesOf(found).reduce((sum, file) => sum + file.bytes, 0);
  return {
    id,
    number,
    state,
    task,
    items: summaryOf(found.summary)?.items ?? null,
    bytes,
    digest,
    createdAt,
  };
}

export async function list(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof listDatasetsInput>,
): Promise<Page<DatasetRow>> {
  const project = await requireProject(db, scope, input.project);
  const [found, total] = await Promise.all([
    repo.list(db, scope, project.id, input.search, input),
    repo.count(db, scope, project.id, input.search),
  ]);
  const rows = found.slice(0, input.limit).map(({ _count, versions, ...dataset }) => ({
    ...dataset,
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
): Promise<DatasetDetail> {
  const project = await requireProject(db, scope, projectSlug);
  const found = await repo.findBySlug(db, scope, project.id, slug);
  if (!found) throw new AppError("notFound");
  const nameOf = await namesOf(db, scope, [found.createdById]);
  const { id, name, description, source, licence, createdAt } = found;
  return {
    id,
    slug,
    name,
    description,
    source,
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
): Promise<DatasetVersionDetail> {
  const project = await requireProject(db, scope, projectSlug);
  const found = await repo.findVersion(db, scope, project.id, slug, number);
  if (!found) throw new AppError("notFound");
  const nameOf = await namesOf(db, scope, [found.createdById]);
  return {
    ...toVersionRow(found),
    dataset: found.dataset,
    createdBy: nameOf(found.createdById),
    manifest: manifestSchema.parse(found.manifest),
    summary: summaryOf(found.summary),
    files: filesOf(found),
  };
}

/** Whether a version is still being checked. One that was rejected is gone: `notFound`; its uploads have the reason. */
export async function status(db: Db, scope: OrganisationScope, versionId: string): Promise<DatasetStatus> {
  const found = await repo.findVersionById(db, scope, versionId);
  if (!found) throw new AppError("notFound");
  return { versionId, state: found.state };
}

export async function update(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof updateDatasetInput>,
): Promise<void> {
  const { datasetId, name, description, source, licence } = input;
  if (!(await repo.update(db, scope, datasetId, { name, description, source, licence }))) {
    throw new AppError("notFound");
  }
}

export interface UsableDatasetVersion {
  readonly id: string;
  readonly projectId: string;
  readonly number: number;
  readonly manifest: Manifest;
  readonly summary: DatasetSummary;
  readonly digest: string;
  readonly files: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[];
  readonly dataset: { readonly slug: string; readonly name: string };
}

/**
 * A version of the organisation that can be used: for launching a run, running it, or downloading a file.
 *
 * @throws AppError `notFound`, or `notReady` while it is being checked
 */
export async function requireReadyVersion(
  tx: Tx,
  scope: TenantScope,
  versionId: string,
): Promise<UsableDatasetVersion> {
  const found = await repo.findVersionById(tx, scope, versionId);
  if (!found) throw new AppError("notFound");
  const summary = summaryOf(found.summary);
  if (found.state !== "ready" || summary === null || found.digest === null) throw new AppError("notReady");
  const { id, projectId, number, digest, dataset } = found;
  const manifest = manifestSchema.parse(found.manifest);
  return { id, projectId, number, manifest, summary, digest, files: filesOf(found), dataset };
}
