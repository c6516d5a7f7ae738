import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { RegisteredModel, registerModelInput } from "#contracts/model.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { slugOf } from "#contracts/slug.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { notify } from "#server/live/notify.ts";
import { requireProject } from "#server/modules/project/service.ts";
import { type ClaimedUpload, claim } from "#server/modules/upload/registration.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import * as repo from "./registration.repo.ts";

type RegisterInput = Omit<z.output<typeof registerModelInput>, "beside"> & {
  readonly beside?: readonly string[];
};

/** Makes the version (and the model, where it is new) and the job that inspects it, all or nothing. */
export async function register(
  db: Db,
  scope: OrganisationScope,
  input: RegisterInput,
): Promise<RegisteredModel> {
  const project = await requireProject(db, scope, input.project);
  return db.$transaction(async (tx) => {
    // Everybody locks in this order: model, upload, artifact.
    const model = await modelFor(tx, scope, project.id, input);
    const uploads = await claim(tx, scope, project.id, [input.uploadId, ...(input.beside ?? [])]);
    const [upload] = uploads;
    if (!upload) throw new AppError("notFound");
    const { fileName, artifactId, bytes, sha256 } = upload;
    const number = await repo.nextNumber(tx, scope, model.id);
    const version = await repo.insertVersion(tx, scope, {
      projectId: project.id,
      modelId: model.id,
      number,
      artifactId,
      fileName,
      bytes,
      sha256,
    });
    if (uploads.length > 1 || !isOnnxName(fileName)) await keepSources(tx, scope, version.id, uploads);
    await enqueue(tx, "model.inspect", { versionId: version.id });
    await notify(tx, { kind: "registration", projectId: project.id, versionId: version.id });
    return { modelId: model.id, slug: model.slug, versionId: version.id, number };
  });
}

const isOnnxName = (fileName: string) => /\.onnx$/i.test(fileName);

/** The worker finds out what format they have. Files of one model call each other by their names. */
async function keepSources(
  tx: Tx,
  scope: OrganisationScope,
  versionId: string,
  uploads: readonly ClaimedUpload[],
): Promise<void> {
  const names = new Set(uploads.map(({ fileName }) => fileName));
  if (names.size < uploads.length) throw new AppError("invalidInput");
  await repo.insertSources(
    tx,
    scope,
    versionId,
    uploads.map(({ fileName, artifactId }) => ({ name: fileName, artifactId })),
  );
}

async function modelFor(tx: Tx, scope: OrganisationScope, projectId: string, input: RegisterInput) {
  if (input.modelId !== undefined) {
    const found = await repo.lockModel(tx, scope, projectId, input.modelId);
    if (!found) throw new AppError("notFound");
    return found;
  }
  const { name = "", description, trainingData, licence } = input;
  const base = slugOf(name, "model");
  for (const slug of [base, `${base}-${randomBytes(2).toString("hex")}`]) {
    const made = await repo.insertModel(tx, scope, {
      projectId,
      slug,
      name,
      description,
      trainingData,
      licence,
    });
    if (made) return made;
  }
  throw new AppError("slugTaken");
}
