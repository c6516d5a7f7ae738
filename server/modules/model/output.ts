import { AppError } from "#contracts/errors.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { inspectionSchema } from "#engine/inspect.schema.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import type { Tx } from "#server/db/client.ts";
import { storable } from "#server/lib/storable.ts";
import { notify } from "#server/live/notify.ts";
import { registerStored } from "#server/modules/artifact/service.ts";
import type { StoredFile } from "#server/storage/store.ts";
import * as registration from "./registration.repo.ts";
import * as repo from "./repo.ts";

export interface RunOutput {
  /** What `put` of the store returned. */
  readonly file: StoredFile;
  /** The version that the recipe was applied to. */
  readonly parentVersionId: string;
  readonly recipe: Recipe;
  /** What the child's inspection of the output says; parsed here. */
  readonly inspection: unknown;
}

/**
 * Makes the model that a run produced a version of the same model as its parent. Part of the transaction that ends
 * the run; a second call for the run returns the version of the first.
 *
 * @throws AppError `conflict` where the file has been removed from the store since it was put there: put it again
 */
export async function registerRunOutput(
  tx: Tx,
  scope: WorkerScope,
  output: RunOutput,
): Promise<{ versionId: string; number: number }> {
  const present = await registration.findByRun(tx, scope, scope.subjectId);
  if (present) return { versionId: present.id, number: present.number };
  const parent = await repo.findVersionById(tx, scope, output.parentVersionId);
  if (!parent) throw new AppError("notFound");
  const inspection = inspectionSchema.parse(output.inspection);
  const model = await registration.lockModel(tx, scope, parent.projectId, parent.modelId);
  if (!model) throw new AppError("notFound");
  const artifactId = await registerStored(tx, scope, output.file);
  const number = await registration.nextNumber(tx, scope, parent.modelId);
  const version = await registration.insertVersion(tx, scope, {
    projectId: parent.projectId,
    modelId: parent.modelId,
    number,
    artifactId,
    fileName: outputName(parent.fileName, output.recipe.name),
    bytes: output.file.bytes,
    sha256: output.file.sha256,
    state: "ready",
    inspection: storable(inspection),
    parameters: inspection.parameters,
    parentVersionId: parent.id,
    runId: scope.subjectId,
    recipe: storable(output.recipe),
  });
  await notify(tx, { kind: "registration", projectId: parent.projectId, versionId: version.id });
  return { versionId: version.id, number };
}

/** `mnist.onnx` and the recipe `int8 dynamic` make `mnist.int8-dynamic.onnx`. */
export function outputName(parentName: string, recipeName: string): string {
  const base = parentName.replace(/\.onnx$/i, "").slice(0, 120);
  const recipe = recipeName
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 100);
  return `${base}.${recipe || "compressed"}.onnx`;
}
