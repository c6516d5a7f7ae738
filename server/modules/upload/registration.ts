import { AppError } from "#contracts/errors.ts";
import type { Problem } from "#contracts/problem.ts";
import type { OrganisationScope, WorkerScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";
import { hold } from "#server/modules/artifact/service.ts";
import * as repo from "./repo.ts";

export interface ClaimedUpload {
  readonly id: string;
  readonly fileName: string;
  readonly artifactId: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Takes received uploads of the project for a registration, which from now on is being checked. Each upload serves
 * one registration; the bytes of a file are checked once at a time in a project, so that the outcome belongs to
 * exactly one upload.
 *
 * @throws AppError `notFound` for an upload of another project, `conflict` for one that is taken already
 */
export async function claim(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  uploadIds: readonly string[],
): Promise<ClaimedUpload[]> {
  const rows = await repo.lock(tx, scope, projectId, uploadIds);
  const claimed = uploadIds.map((id) => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new AppError("notFound");
    if (row.state !== "received" || row.artifactId === null) throw new AppError("conflict");
    return { id, fileName: row.fileName, artifactId: row.artifactId };
  });
  const artifactIds = claimed.map((upload) => upload.artifactId);
  const files = await hold(tx, scope, artifactIds);
  if (await repo.isChecking(tx, scope, projectId, artifactIds)) throw new AppError("conflict");
  await repo.setChecking(tx, scope, [...uploadIds]);
  return claimed.map((upload) => ({ ...upload, ...files.get(upload.artifactId)! }));
}

/** The files were found good: their uploads are done. */
export async function settleRegistered(tx: Tx, scope: WorkerScope, artifactIds: string[]): Promise<void> {
  await repo.settle(tx, scope, artifactIds, undefined);
}

/** The files were refused: their uploads keep the reason and let the bytes go. */
export async function settleRejected(
  tx: Tx,
  scope: WorkerScope,
  artifactIds: string[],
  problem: Problem,
): Promise<void> {
  await repo.settle(tx, scope, artifactIds, problem);
}
