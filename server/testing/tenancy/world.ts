import { createHash, randomUUID } from "node:crypto";
import { type Role, roles } from "#contracts/policy.ts";
import { newToken } from "#server/auth/token.ts";
import { artifactStore } from "#server/storage/current.ts";
import type { TestDatabase } from "../database.ts";
import { organisation, type Person, person, type TestOrganisation } from "../people.ts";

/** One organisation with a row of everything that can belong to it, and one member of each role. */
export interface Tenant {
  readonly organisation: TestOrganisation;
  readonly people: Record<Role, Person>;
  readonly outsider: Person;
  readonly invitation: { id: string; token: string };
  readonly artifactId: string;
  readonly uploadId: string;
  readonly modelId: string;
  readonly modelVersionId: string;
  readonly datasetId: string;
  readonly datasetVersionId: string;
  readonly recipeId: string;
  readonly recipeVersionId: string;
  readonly experimentId: string;
  readonly baselineRunId: string;
  readonly runId: string;
  readonly noteId: string;
  readonly benchmarkId: string;
  readonly benchmarkSlug: string;
  readonly submissionId: string;
  readonly grantId: string;
  /** A run that a third organisation shares with this one. */
  readonly receivedGrantId: string;
  readonly linkToken: string;
}

async function members(database: TestDatabase, org: TestOrganisation): Promise<Record<Role, Person>> {
  const made: Partial<Record<Role, Person>> = {};
  for (const role of roles) made[role] = await person(database, org, role);
  return made as Record<Role, Person>;
}

/** A third organisation with one run, which it shares with `to`. */
async function receivedGrant({ db, ...rest }: TestDatabase, to: TestOrganisation): Promise<string> {
  const giver = await organisation({ db, ...rest }, "Giver");
  const createdById = randomUUID();
  const where = { organisationId: giver.id, projectId: giver.projectId };
  const model = await db.model.create({ data: { ...where, slug: "m", name: "Given", createdById } });
  const version = await db.modelVersion.create({
    data: {
      ...where,
      modelId: model.id,
      number: 1,
      state: "ready",
      fileName: "g.onnx",
      bytes: 1n,
      sha256: "0".repeat(64),
      createdById,
    },
  });
  const experiment = await db.experiment.create({
    data: { ...where, number: 1, question: "Given?", modelVersionId: version.id, createdById },
  });
  const recipe = { name: "float16", seed: 0, steps: [] };
  const run = await db.run.create({
    data: {
      ...where,
      experimentId: experiment.id,
      number: 1,
      recipeName: "float16",
      recipe,
      state: "succeeded",
      createdById,
    },
  });
  const grant = await db.shareGrant.create({
    data: {
      organisationId: giver.id,
      subject: "run",
      subjectId: run.id,
      granteeOrganisationId: to.id,
      createdById,
    },
  });
  return grant.id;
}

const manifest = {
  name: "data",
  task: "classification",
  splits: { file: "a.csv", seed: 1, test: 0.2 },
  inputs: [{ to: 0, from: "a" }],
  label: { from: "y" },
};

/** Puts a text into the store, so that what reads the tenant's file finds one. Returns its hash. */
async function storedFile(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const source = new Blob([bytes]).stream();
  return (await artifactStore().put(source, { limit: 1_000_000, expectedBytes: bytes.length })).sha256;
}

/** Builds a tenant directly in the database, so that what is tested is not what builds it. */
export async function tenant(database: TestDatabase, name: string): Promise<Tenant> {
  const { db } = database;
  const org = await organisation(database, name);
  const people = await members(database, org);
  const owner = people.owner.userId;
  const where = { organisationId: org.id, projectId: org.projectId };
  const invite = newToken();
  const link = newToken();
  const sha256 = await storedFile(`a,y\n1,0\n2,1\n${randomUUID()},0\n`);
  const key = createHash("sha256").update("key").digest("hex");
  const tag = org.slug;

  const invitation = await db.invitation.create({
    data: {
      organisationId: org.id,
      tokenHash: invite.hash,
      role: "viewer",
      createdById: owner,
      expiresAt: new Date(Date.now() + 1e8),
    },
  });
  const artifact = await db.artifact.create({ data: { organisationId: org.id, sha256, bytes: 10n } });
  const upload = await db.upload.create({
    data: {
      ...where,
      createdById: owner,
      fileName: `${tag}.onnx`,
      state: "received",
      bytes: 10n,
      artifactId: artifact.id,
    },
  });
  const model = await db.model.create({
    data: { ...where, slug: "model", name: `Model ${tag}`, createdById: owner },
  });
  const version = await db.modelVersion.create({
    data: {
      ...where,
      modelId: model.id,
      number: 1,
      state: "ready",
      artifactId: artifact.id,
      fileName: "m.onnx",
      bytes: 10n,
      sha256,
      createdById: owner,
    },
  });
  const dataset = await db.dataset.create({
    data: { ...where, slug: "data", name: `Dataset ${tag}`, createdById: owner },
  });
  const datasetVersion = await db.datasetVersion.create({
    data: {
      ...where,
      datasetId: dataset.id,
      number: 1,
      state: "ready",
      task: "classification",
      manifest,
      digest: sha256,
      createdById: owner,
    },
  });
  await db.datasetFile.create({
    data: { datasetVersionId: datasetVersion.id, name: "a.csv", artifactId: artifact.id },
  });
  const recipe = await db.recipe.create({
    data: { ...where, slug: "recipe", name: `Recipe ${tag}`, createdById: owner },
  });
  const recipeVersion = await db.recipeVersion.create({
    data: {
      ...where,
      recipeId: recipe.id,
      number: 1,
      content: { name: `Recipe ${tag}`, seed: 0, steps: [{ use: "cast.float16" }] },
      createdById: owner,
    },
  });
  const experiment = await db.experiment.create({
    data: {
      ...where,
      number: 1,
      question: `Question ${tag}`,
      modelVersionId: version.id,
      datasetVersionId: datasetVersion.id,
      createdById: owner,
    },
  });
  const run = (number: number, isBaseline: boolean) =>
    db.run.create({
      data: {
        ...where,
        experimentId: experiment.id,
        number,
        isBaseline,
        recipeName: isBaseline ? "baseline" : "float16",
        recipe: { name: isBaseline ? "baseline" : "float16", seed: 0, steps: [] },
        recipeVersionId: isBaseline ? null : recipeVersion.id,
        state: "succeeded",
        createdById: owner,
        startedAt: new Date(),
        endedAt: new Date(),
      },
    });
  const baseline = await run(0, true);
  const other = await run(1, false);
  for (const { id } of [baseline, other]) {
    await db.measurement.create({
      data: {
        ...where,
        runId: id,
        name: "quality/top1",
        split: "test",
        attempt: 1,
        value: 0.9,
        unit: "1",
        intervalKind: "interval",
        low: 0.88,
        high: 0.92,
        level: 0.95,
        n: 1000,
        tier: "metered",
        method: "count",
        scope: "process",
        conditions: {},
        qualityKey: key,
      },
    });
    await db.runEvent.create({
      data: { runId: id, seq: 1, attempt: 1, kind: "log", text: `line of ${tag}` },
    });
    await db.runExamples.create({
      data: {
        runId: id,
        attempt: 1,
        split: "test",
        items: new Uint8Array(4),
        labels: new Uint8Array(4),
        predictions: new Uint8Array(4),
      },
    });
    await db.metricPoint.create({ data: { runId: id, name: "progress", step: 0, attempt: 1, value: 1 } });
    await db.metricSeries.create({
      data: { runId: id, name: "progress", attempt: 1, lastStep: 0, last: 1, min: 1, max: 1, count: 1 },
    });
  }
  const note = await db.note.create({
    data: {
      ...where,
      subject: "project",
      subjectId: org.projectId,
      title: `Note ${tag}`,
      body: "text",
      createdById: owner,
      updatedById: owner,
    },
  });
  await db.noteRevision.create({
    data: { noteId: note.id, revision: 1, title: `Note ${tag}`, body: "text", authorId: owner },
  });
  const benchmark = await db.benchmark.create({
    data: {
      organisationId: org.id,
      slug: `bench-${tag}`,
      name: `Benchmark ${tag}`,
      datasetVersionId: datasetVersion.id,
      baselineRunId: baseline.id,
      qualityMetric: "quality/top1",
      higherIsBetter: true,
      split: "test",
      qualityKey: key,
      createdById: owner,
    },
  });
  const submission = await db.submission.create({
    data: {
      benchmarkId: benchmark.id,
      organisationId: org.id,
      runId: other.id,
      title: `Entry ${tag}`,
      values: {},
      qualityKey: key,
      submittedById: owner,
    },
  });
  const grant = await db.shareGrant.create({
    data: {
      organisationId: org.id,
      subject: "run",
      subjectId: other.id,
      tokenHash: link.hash,
      createdById: owner,
    },
  });
  return {
    organisation: org,
    people,
    outsider: await person(database),
    invitation: { id: invitation.id, token: invite.token },
    artifactId: artifact.id,
    uploadId: upload.id,
    modelId: model.id,
    modelVersionId: version.id,
    datasetId: dataset.id,
    datasetVersionId: datasetVersion.id,
    recipeId: recipe.id,
    recipeVersionId: recipeVersion.id,
    experimentId: experiment.id,
    baselineRunId: baseline.id,
    runId: other.id,
    noteId: note.id,
    benchmarkId: benchmark.id,
    benchmarkSlug: benchmark.slug,
    submissionId: submission.id,
    grantId: grant.id,
    receivedGrantId: await receivedGrant(database, org),
    linkToken: link.token,
  };
}
