import { AppError } from "#contracts/errors.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Received } from "#contracts/upload.ts";
import type { Db } from "#server/db/client.ts";
import { env } from "#server/env.ts";
import { log } from "#server/log/log.ts";
import { registerStaged } from "#server/modules/artifact/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import { artifactStore } from "#server/storage/current.ts";
import * as repo from "./repo.ts";

export interface Incoming {
  readonly project: string;
  readonly fileName: string;
  readonly body: ReadableStream<Uint8Array>;
  readonly expectedBytes: number;
  readonly expectedSha256?: string;
  /** Aborts the upload with its reason: the connection is gone, or the person may no longer upload. */
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
  /** Throws where the person may no longer upload; asked once more before the file becomes visible. */
  readonly recheck: () => Promise<unknown>;
}

/** Streams a file into the store. Whatever goes wrong, neither a row nor a file is left. */
export async function receive(db: Db, scope: OrganisationScope, incoming: Incoming): Promise<Received> {
  const { fileName, body, expectedBytes, expectedSha256, signal, onBytes } = incoming;
  const project = await requireProject(db, scope, incoming.project);
  const upload = await repo.insert(db, scope, { projectId: project.id, fileName });
  try {
    const staged = await artifactStore().receive(body, {
      limit: env().PARSIMONY_UPLOAD_LIMIT,
      expectedBytes,
      expectedSha256,
      signal,
      onBytes,
    });
    await incoming.recheck().catch(async (error) => {
      await staged.discard();
      throw error;
    });
    await registerStaged(db, scope, staged, async (tx, artifactId) => {
      signal.throwIfAborted();
      const data = { artifactId, bytes: staged.bytes };
      if (!(await repo.setReceived(tx, scope, upload.id, data))) throw new AppError("conflict");
    });
    return { uploadId: upload.id, sha256: staged.sha256, bytes: staged.bytes };
  } catch (error) {
    // A row that cannot be removed now (the database is away) stays as `receiving` until the sweep finds it.
    await repo
      .remove(db, scope, upload.id)
      .catch((fault) => log.error("an upload's row stayed behind", fault));
    throw error;
  }
}
