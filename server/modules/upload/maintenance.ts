import { AppError } from "#contracts/errors.ts";
import { workerScope } from "#server/auth/gate.ts";
import type { Db } from "#server/db/client.ts";
import { collect, release, sweepUnowned } from "#server/modules/artifact/service.ts";
import { artifactStore } from "#server/storage/current.ts";
import { uploadHours } from "./limits.ts";
import * as repo from "./repo.ts";

const hourMs = 3_600_000;
/** A temporary file that is being received is written to far more often: a silent upload is ended within minutes. */
const idlePartMs = hourMs / 2;
/** Longer than any run or upload needs from storing a file to the commit of its row. */
const unownedMs = 24 * hourMs;
/** Time to fill in the form after an upload. */
const unregisteredMs = 7 * 24 * hourMs;

export interface Swept {
  readonly parts: number;
  readonly uploads: number;
  readonly files: number;
}

/**
 * Removes what crashes and forgotten forms have left: temporary files, uploads that nobody will finish, files without
 * an owner. Safe at any time and in several processes at once; meant for the start of a process and once a day.
 */
export async function maintainStorage(db: Db): Promise<Swept> {
  const parts = await artifactStore().sweep(idlePartMs);
  const uploads = await sweepUploads(db, new Date());
  const files = await sweepUnowned(db, unownedMs);
  return { parts, uploads, files };
}

export async function sweepUploads(db: Db, now: Date): Promise<number> {
  const before = {
    receiving: new Date(now.getTime() - (uploadHours + 1) * hourMs),
    received: new Date(now.getTime() - unregisteredMs),
  };
  const stale = await repo.stale(db, before, 1_000);
  let removed = 0;
  for (const upload of stale) {
    const hashes = await db.$transaction(async (tx) => {
      const scope = await workerScope(tx, { uploadId: upload.id }).catch(ignoreGone);
      if (!scope) return [];
      const [locked] = await repo.lock(tx, scope, upload.projectId, [upload.id]);
      // Somebody has registered or dismissed it since.
      if (locked?.state !== upload.state) return [];
      removed += (await repo.remove(tx, scope, upload.id)).count;
      return locked.artifactId ? release(tx, scope, [locked.artifactId]) : [];
    });
    await collect(db, hashes);
  }
  return removed;
}

/** Somebody else has removed the row meanwhile. */
function ignoreGone(error: unknown): undefined {
  if (error instanceof AppError && error.code === "notFound") return undefined;
  throw error;
}
