import { type Problem, problemSchema } from "#contracts/problem.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { type Manifest, manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import { datasetSummarySchema } from "#engine/evaluate/dataset/summary.schema.ts";
import type { Db } from "#server/db/client.ts";
import { storable } from "#server/lib/storable.ts";
import { notify } from "#server/live/notify.ts";
import { collect, release } from "#server/modules/artifact/service.ts";
import { settleRegistered, settleRejected } from "#server/modules/upload/registration.ts";
import { sha256Pattern } from "#server/storage/store.ts";
import * as registration from "./registration.repo.ts";
import * as repo from "./repo.ts";

/** The row is read whole for the dataset's page. */
const maxSummaryCharacters = 16 << 20;

export interface DatasetFiles {
  readonly manifest: Manifest;
  /** Hash in the store of each file by the name that the manifest uses. */
  readonly files: ReadonlyMap<string, string>;
}

/** What the worker reads. undefined when there is nothing to do: the version is ready already. */
export async function datasetToIngest(db: Db, scope: WorkerScope): Promise<DatasetFiles | undefined> {
  const found = await repo.findVersionById(db, scope, scope.subjectId);
  if (found?.state !== "checking") return undefined;
  return {
    manifest: manifestSchema.parse(found.manifest),
    files: new Map(found.files.map((file) => [file.name, file.artifact.sha256])),
  };
}

/**
 * The files were read and fit the manifest: the version can be used and never changes again.
 *
 * @param result what the child reports; parsed here, because a hostile file may have taken the child over
 * @returns false where the version was not being checked any more, and nothing was done
 */
export async function completeDatasetIngest(
  db: Db,
  scope: WorkerScope,
  result: { readonly summary: unknown; readonly digest: string },
): Promise<boolean> {
  const summary = storable(datasetSummarySchema.parse(result.summary));
  if (!sha256Pattern.test(result.digest)) throw new Error("The digest of a dataset is not a SHA-256");
  if (JSON.stringify(summary).length > maxSummaryCharacters) {
    const message = "The dataset has more columns or classes than can be listed";
    return rejectDatasetVersion(db, scope, { code: "limit-exceeded", message });
  }
  return db.$transaction(async (tx) => {
    const version = await registration.lockChecking(tx, scope);
    if (!version) return false;
    await registration.setReady(tx, scope, { summary, digest: result.digest });
    await settleRegistered(tx, scope, await registration.artifactsOf(tx, scope));
    await notify(tx, { kind: "registration", projectId: scope.projectId, versionId: version.id });
    return true;
  });
}

/**
 * The files were refused: their uploads keep the reason; version, files and, where it has no other version, the
 * dataset go.
 *
 * @returns false where the version was not being checked any more, and nothing was done
 */
export async function rejectDatasetVersion(db: Db, scope: WorkerScope, problem: Problem): Promise<boolean> {
  const kept = problemSchema.parse(storable(problem));
  const hashes = await db.$transaction(async (tx) => {
    const version = await registration.lockChecking(tx, scope);
    if (!version) return undefined;
    await registration.lockDataset(tx, scope, scope.projectId, version.datasetId);
    const artifactIds = await registration.artifactsOf(tx, scope);
    await settleRejected(tx, scope, artifactIds, kept);
    await registration.removeVersion(tx, scope);
    await registration.removeEmptyDataset(tx, scope, version.datasetId);
    await notify(tx, { kind: "registration", projectId: scope.projectId, versionId: version.id });
    return release(tx, scope, artifactIds);
  });
  await collect(db, hashes ?? []);
  return hashes !== undefined;
}
