import { type Problem, problemSchema } from "#contracts/problem.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { inspectionSchema } from "#engine/inspect.schema.ts";
import type { Db } from "#server/db/client.ts";
import { storable } from "#server/lib/storable.ts";
import { notify } from "#server/live/notify.ts";
import { collect, release } from "#server/modules/artifact/service.ts";
import { removeNotesOf } from "#server/modules/note/service.ts";
import { settleRegistered, settleRejected } from "#server/modules/upload/registration.ts";
import * as registration from "./registration.repo.ts";
import * as repo from "./repo.ts";

/** A file of very many small tensors; the row is read whole for the model's page. */
const maxInspectionCharacters = 16 << 20;

/** What the worker inspects. undefined when there is nothing to do: the version is ready already. */
export async function modelToInspect(
  db: Db,
  scope: WorkerScope,
): Promise<{ sha256: string; fileName: string; bytes: number } | undefined> {
  const found = await repo.findVersionById(db, scope, scope.subjectId);
  if (found?.state !== "checking") return undefined;
  return { sha256: found.sha256, fileName: found.fileName, bytes: Number(found.bytes) };
}

/**
 * The inspection went well: the version can be used.
 *
 * @param inspection what the child reports; parsed here, because a hostile file may have taken the child over
 * @returns false where the version was not being checked any more, and nothing was done
 */
export async function completeModelInspection(
  db: Db,
  scope: WorkerScope,
  inspection: unknown,
): Promise<boolean> {
  const parsed = inspectionSchema.parse(inspection);
  const stored = storable(parsed);
  if (JSON.stringify(stored).length > maxInspectionCharacters) {
    return rejectModelVersion(db, scope, {
      code: "limit-exceeded",
      message: `The model has ${parsed.initializers.length} tensors, more than can be listed`,
    });
  }
  return db.$transaction(async (tx) => {
    const version = await registration.lockChecking(tx, scope);
    if (!version) return false;
    await registration.setReady(tx, scope, { inspection: stored, parameters: parsed.parameters });
    await settleRegistered(tx, scope, [version.artifactId]);
    await notify(tx, { kind: "registration", projectId: scope.projectId, versionId: version.id });
    return true;
  });
}

/**
 * The file was refused: its upload keeps the reason; version, file and, where it has no other version, the model go.
 *
 * @returns false where the version was not being checked any more, and nothing was done
 */
export async function rejectModelVersion(db: Db, scope: WorkerScope, problem: Problem): Promise<boolean> {
  const kept = problemSchema.parse(storable(problem));
  const hashes = await db.$transaction(async (tx) => {
    const version = await registration.lockChecking(tx, scope);
    if (!version) return undefined;
    await registration.lockModel(tx, scope, scope.projectId, version.modelId);
    await settleRejected(tx, scope, [version.artifactId], kept);
    await registration.removeVersion(tx, scope, version.id);
    if (await registration.removeEmptyModel(tx, scope, version.modelId)) {
      await removeNotesOf(tx, scope, "model", version.modelId);
    }
    await notify(tx, { kind: "registration", projectId: scope.projectId, versionId: version.id });
    return release(tx, scope, [version.artifactId]);
  });
  await collect(db, hashes ?? []);
  return hashes !== undefined;
}
