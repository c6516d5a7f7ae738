import { type Problem, problemSchema } from "#contracts/problem.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { conversionSchema } from "#engine/formats/conversion.schema.ts";
import { inspectionSchema } from "#engine/inspect.schema.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { storable } from "#server/lib/storable.ts";
import { notify } from "#server/live/notify.ts";
import { collect, registerStored, release } from "#server/modules/artifact/service.ts";
import { removeNotesOf } from "#server/modules/note/service.ts";
import { settleRegistered, settleRejected } from "#server/modules/upload/registration.ts";
import type { StoredFile } from "#server/storage/store.ts";
import * as registration from "./registration.repo.ts";
import * as repo from "./repo.ts";

/** A file of very many small tensors; the row is read whole for the model's page. */
const maxInspectionCharacters = 16 << 20;

/** What the worker inspects. undefined when there is nothing to do: the version is ready already. */
export async function modelToInspect(db: Db, scope: WorkerScope): Promise<ModelToInspect | undefined> {
  const found = await repo.findVersionById(db, scope, scope.subjectId);
  if (found?.state !== "checking") return undefined;
  const sources = await registration.sourcesOf(db, scope);
  return {
    sha256: found.sha256,
    fileName: found.fileName,
    sources: sources.map(({ name, artifact }) => ({ name, sha256: artifact.sha256 })),
  };
}

export interface ModelToInspect {
  readonly sha256: string;
  readonly fileName: string;
  /** All files of a model that may have to be converted; none for what has to be ONNX. */
  readonly sources: readonly { readonly name: string; readonly sha256: string }[];
}

/** An ONNX file that a child made of files of another format. */
export interface ConvertedFile {
  /** What `put` of the store returned. */
  readonly file: StoredFile;
  /** What the child says of the conversion; parsed here. */
  readonly conversion: unknown;
}

/**
 * The inspection went well: the version can be used.
 *
 * @param inspection what the child reports; parsed here, because a hostile file may have taken the child over
 * @param converted where it made an ONNX file
 * @throws AppError `conflict` where that file has been removed from the store since it was put there: put it again
 * @returns false where the version was not being checked any more, and nothing was done
 */
export async function completeModelInspection(
  db: Db,
  scope: WorkerScope,
  inspection: unknown,
  converted?: ConvertedFile,
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
    const uploads = await artifactsOf(tx, scope, version.artifactId);
    if (converted === undefined) await registration.removeSources(tx, scope);
    await registration.setReady(tx, scope, {
      inspection: stored,
      parameters: parsed.parameters,
      ...(converted && (await conversionOf(tx, scope, version.fileName, converted))),
    });
    await settleRegistered(tx, scope, uploads);
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
    const files = await artifactsOf(tx, scope, version.artifactId);
    await settleRejected(tx, scope, files, kept);
    await registration.removeVersion(tx, scope, version.id);
    if (await registration.removeEmptyModel(tx, scope, version.modelId)) {
      await removeNotesOf(tx, scope, "model", version.modelId);
    }
    await notify(tx, { kind: "registration", projectId: scope.projectId, versionId: version.id });
    return release(tx, scope, files);
  });
  await collect(db, hashes ?? []);
  return hashes !== undefined;
}

/** What was uploaded for the version: its one file, or all that it has to be converted from. */
async function artifactsOf(tx: Tx, scope: WorkerScope, artifactId: string): Promise<string[]> {
  const sources = await registration.sourcesOf(tx, scope);
  return [...new Set([artifactId, ...sources.map((source) => source.artifactId)])];
}

/** The version names the ONNX file from now on, and its sources what it was made of. */
async function conversionOf(
  tx: Tx,
  scope: WorkerScope,
  fileName: string,
  { file, conversion }: ConvertedFile,
) {
  const artifactId = await registerStored(tx, scope, file);
  const name = `${fileName.replace(/\.[^.]+$/, "").slice(0, 200) || "model"}.onnx`;
  return {
    conversion: storable(conversionSchema.parse(conversion)),
    file: { artifactId, fileName: name, bytes: file.bytes, sha256: file.sha256 },
  };
}
