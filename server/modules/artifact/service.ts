import { AppError } from "#contracts/errors.ts";
import type { TenantScope } from "#contracts/scope.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { log } from "#server/log/log.ts";
import { artifactStore } from "#server/storage/current.ts";
import type { StagedFile, StoredFile } from "#server/storage/store.ts";
import * as repo from "./repo.ts";

/**
 * Publishes a received file and gives it a row of the scope's organisation, in one transaction with `then`. The lock
 * of its hash keeps a removal of equal bytes from coming between. On failure nothing of it is left.
 */
export async function registerStaged<T>(
  db: Db,
  scope: TenantScope,
  staged: StagedFile,
  then: (tx: Tx, artifactId: string) => Promise<T>,
): Promise<T> {
  try {
    return await db.$transaction(async (tx) => {
      await repo.lockHash(tx, staged.sha256);
      const artifactId = await repo.insert(tx, scope, staged);
      const result = await then(tx, artifactId);
      await staged.publish();
      return result;
    });
  } catch (error) {
    await staged.discard();
    await collect(db, [staged.sha256]);
    throw error;
  }
}

/**
 * Gives a file that `put` has stored a row of the scope's organisation.
 *
 * @throws AppError `conflict` where the file was removed since, because nobody had a row for it; storing it again helps
 */
export async function registerStored(tx: Tx, scope: TenantScope, file: StoredFile): Promise<string> {
  await repo.lockHash(tx, file.sha256);
  if ((await artifactStore().size(file.sha256)) !== file.bytes) throw new AppError("conflict");
  return repo.insert(tx, scope, file);
}

/** Locks files of the organisation until the transaction ends, so that they stay while a row comes to name them. */
export async function hold(
  tx: Tx,
  scope: TenantScope,
  ids: readonly string[],
): Promise<Map<string, StoredFile>> {
  const rows = await repo.lock(tx, scope, ids);
  if (rows.length !== new Set(ids).size) throw new AppError("notFound");
  return new Map(rows.map((row) => [row.id, { sha256: row.sha256, bytes: Number(row.bytes) }]));
}

/**
 * Removes the rows that nothing names any more. Call it last in the transaction, and `collect` with what it returns
 * once that has committed.
 */
export async function release(tx: Tx, scope: TenantScope, ids: readonly string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const row of await repo.lock(tx, scope, ids)) {
    if (await repo.removeUnused(tx, scope, row.id)) removed.push(row.sha256);
  }
  return removed;
}

/**
 * Removes files that no organisation has a row for. A failure only leaves a file behind, which the sweep finds: it is
 * logged and never spoils what the caller has already done.
 */
export async function collect(db: Db, hashes: readonly string[]): Promise<void> {
  for (const sha256 of hashes) {
    try {
      await removeUnknown(db, sha256);
    } catch (error) {
      log.error("a file without an owner could not be removed", error, { sha256 });
    }
  }
}

/** The file goes while the lock is held, and nothing is written: a failed commit can undo nothing. */
function removeUnknown(db: Db, sha256: string): Promise<boolean> {
  return db.$transaction(async (tx) => {
    await repo.lockHash(tx, sha256);
    if ((await repo.known(tx, [sha256])).size > 0) return false;
    await artifactStore().remove(sha256);
    return true;
  });
}

/** Files per question to the database. */
const sweepBatch = 500;

/**
 * Removes files without an owner that were received more than `ageMs` ago: what a crash between the file system and
 * the database has left. Younger ones may be about to get their row. Returns how many.
 */
export async function sweepUnowned(db: Db, ageMs: number): Promise<number> {
  let removed = 0;
  const flush = async (hashes: string[]) => {
    const known = await repo.known(db, hashes);
    for (const sha256 of hashes) {
      if (!known.has(sha256) && (await removeUnknown(db, sha256))) removed++;
    }
  };
  let batch: string[] = [];
  for await (const { sha256, receivedAt } of artifactStore().list()) {
    if (Date.now() - receivedAt < ageMs) continue;
    batch.push(sha256);
    if (batch.length < sweepBatch) continue;
    await flush(batch);
    batch = [];
  }
  await flush(batch);
  return removed;
}
