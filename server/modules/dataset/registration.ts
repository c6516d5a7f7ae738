import { randomBytes } from "node:crypto";
import type { z } from "zod";
import type { RegisteredDataset, registerDatasetInput } from "#contracts/dataset.ts";
import { AppError } from "#contracts/errors.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { slugOf } from "#contracts/slug.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { storable } from "#server/lib/storable.ts";
import { notify } from "#server/live/notify.ts";
import { requireProject } from "#server/modules/project/service.ts";
import { claim } from "#server/modules/upload/registration.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import { referencedFiles } from "./referenced-files.ts";
import * as repo from "./registration.repo.ts";

type RegisterInput = z.output<typeof registerDatasetInput>;

/** Makes the version (and the dataset, where it is new) and the job that reads it, all or nothing. */
export async function register(
  db: Db,
  scope: OrganisationScope,
  input: RegisterInput,
): Promise<RegisteredDataset> {
  const { files, manifest } = input;
  const given = new Set(files.map((file) => file.name));
  const missing = [...referencedFiles(manifest)].filter((name) => !given.has(name));
  if (missing.length > 0)
    throw new AppError("invalidInput", { fields: "files", missing: missing.join(", ") });
  const project = await requireProject(db, scope, input.project);
  return db.$transaction(async (tx) => {
    // Everybody locks in this order: dataset, upload, artifact.
    const dataset = await datasetFor(tx, scope, project.id, input);
    const uploadIds = files.map((file) => file.uploadId);
    const uploads = await claim(tx, scope, project.id, uploadIds);
    const number = await repo.nextNumber(tx, scope, dataset.id);
    const version = await repo.insertVersion(
      tx,
      scope,
      {
        projectId: project.id,
        datasetId: dataset.id,
        number,
        task: manifest.task,
        manifest: storable(manifest),
      },
      files.map(({ name }, index) => ({ name, artifactId: uploads[index]!.artifactId })),
    );
    await enqueue(tx, "dataset.ingest", { versionId: version.id });
    await notify(tx, { kind: "registration", projectId: project.id, versionId: version.id });
    return { datasetId: dataset.id, slug: dataset.slug, versionId: version.id, number };
  });
}

async function datasetFor(tx: Tx, scope: OrganisationScope, projectId: string, input: RegisterInput) {
  if (input.datasetId !== undefined) {
    const found = await repo.lockDataset(tx, scope, projectId, input.datasetId);
    if (!found) throw new AppError("notFound");
    return found;
  }
  const { name = "", description, source, licence } = input;
  const base = slugOf(name, "dataset");
  for (const slug of [base, `${base}-${randomBytes(2).toString("hex")}`]) {
    const made = await repo.insertDataset(tx, scope, { projectId, slug, name, description, source, licence });
    if (made) return made;
  }
  throw new AppError("slugTaken");
}
