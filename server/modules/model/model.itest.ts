import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Received } from "#contracts/upload.ts";
import { workerScope } from "#server/auth/gate.ts";
import { artifactStore } from "#server/storage/current.ts";
import { testDatabase } from "#server/testing/database.ts";
import { inspectionOf } from "#server/testing/inspection.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { streamOf, testStore } from "#server/testing/store.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { completeModelInspection, modelToInspect, rejectModelVersion } from "./inspection.ts";
import { outputName, registerRunOutput } from "./output.ts";

const database = testDatabase();
const store = testStore();
const refusal = { code: "truncated", message: "The file ends early", place: "byte 12" };
let org: TestOrganisation;
let other: TestOrganisation;
let researcher: Person;
let stranger: Person;
let at: { org: string; project: string };

beforeAll(async () => {
  other = await organisation(database);
  stranger = await person(database, other, "owner");
});

/** Every test has an organisation of its own, and a clean store. */
beforeEach(async () => {
  org = await organisation(database);
  researcher = await person(database, org, "researcher");
  at = { org: org.slug, project: org.projectSlug };
});

const upload = (bytes: Uint8Array = randomBytes(500)): Promise<Received> =>
  uploaded(researcher.session, org, bytes, "net.onnx");

async function registered(name = "Net", uploadId?: string) {
  return researcher.api.model.register({ ...at, uploadId: uploadId ?? (await upload()).uploadId, name });
}

async function ready(name = "Net") {
  const made = await registered(name);
  await completeModelInspection(database.db, await workerScope(database.db, made), inspectionOf(500));
  return made;
}

const counts = async () => ({
  models: await database.db.model.count({ where: { organisationId: org.id } }),
  versions: await database.db.modelVersion.count({ where: { organisationId: org.id } }),
  artifacts: await database.db.artifact.count({ where: { organisationId: org.id } }),
});

async function jobsOf(versionId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "select name from pgboss.job where data->>'versionId' = $1",
    [versionId],
  );
  return rows.map((row) => row.name);
}

describe("registering", () => {
  it("makes model, version and job in one", async () => {
    const { uploadId, sha256 } = await upload();
    const made = await registered("Ein Modell", uploadId);
    expect(made).toMatchObject({ slug: "ein-modell", number: 1 });
    expect(await jobsOf(made.versionId)).toEqual(["model.inspect"]);
    expect(await researcher.api.upload.get({ org: org.slug, id: uploadId })).toMatchObject({
      state: "checking",
    });
    expect(await researcher.api.model.version({ ...at, model: "ein-modell", number: 1 })).toMatchObject({
      state: "checking",
      sha256,
      bytes: 500,
      inspection: null,
      parameters: null,
    });
  });

  it("of one upload happens once, however often it is asked for at the same moment", async () => {
    const { uploadId } = await upload();
    const tries = await Promise.allSettled(
      ["A", "B", "C", "D"].map((name) => researcher.api.model.register({ ...at, uploadId, name })),
    );
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(await counts()).toEqual({ models: 1, versions: 1, artifacts: 1 });
  });

  it("numbers versions that come at the same moment without gap or double", async () => {
    const { modelId } = await registered();
    const uploads = await Promise.all(Array.from({ length: 5 }, () => upload()));
    const made = await Promise.all(
      uploads.map(({ uploadId }) => researcher.api.model.register({ ...at, uploadId, modelId })),
    );
    expect(made.map((one) => one.number).sort()).toEqual([2, 3, 4, 5, 6]);
  });

  it("gives a second model of the same name, or one without a Latin letter, an address of its own", async () => {
    const [one, two] = [await registered("Net"), await registered("Net")];
    expect(two.slug).toMatch(/^net-[0-9a-f]{4}$/);
    expect(two.modelId).not.toBe(one.modelId);
    expect((await registered("模型")).slug).toBe("model");
  });

  it("wants a name or a model, not both or neither", async () => {
    const { uploadId } = await upload();
    const both = { ...at, uploadId, name: "x", modelId: randomUUID() };
    await expect(researcher.api.model.register(both)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(researcher.api.model.register({ ...at, uploadId })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("takes nothing of another organisation or project", async () => {
    const theirs = await uploaded(stranger.session, other, randomBytes(10));
    const own = await upload();
    const foreign = await stranger.api.model.register({
      org: other.slug,
      project: other.projectSlug,
      uploadId: (await uploaded(stranger.session, other, randomBytes(10))).uploadId,
      name: "Theirs",
    });
    const notFound = { message: "notFound" };
    const api = researcher.api.model;
    await expect(api.register({ ...at, uploadId: theirs.uploadId, name: "x" })).rejects.toMatchObject(
      notFound,
    );
    await expect(
      api.register({ ...at, uploadId: own.uploadId, modelId: foreign.modelId }),
    ).rejects.toMatchObject(notFound);
    await expect(api.status({ org: org.slug, versionId: foreign.versionId })).rejects.toMatchObject(notFound);
    const about = { name: "mine now", description: "", trainingData: "", licence: "" };
    await expect(api.update({ org: org.slug, modelId: foreign.modelId, ...about })).rejects.toMatchObject(
      notFound,
    );
    expect(await counts()).toEqual({ models: 0, versions: 0, artifacts: 1 });
  });
});

describe("the worker's word", () => {
  it("that it is good makes the version usable, once", async () => {
    const { uploadId } = await upload();
    const made = await registered("Net", uploadId);
    const scope = await workerScope(database.db, made);
    expect(await modelToInspect(database.db, scope)).toMatchObject({ fileName: "net.onnx", sources: [] });
    expect(await completeModelInspection(database.db, scope, inspectionOf(500, 1234))).toBe(true);
    expect(await completeModelInspection(database.db, scope, inspectionOf(500, 9))).toBe(false);
    expect(await rejectModelVersion(database.db, scope, refusal)).toBe(false);
    expect(await modelToInspect(database.db, scope)).toBeUndefined();
    const version = await researcher.api.model.version({ ...at, model: "net", number: 1 });
    expect(version).toMatchObject({
      state: "ready",
      parameters: 1234,
      createdBy: expect.stringMatching(/^Person/),
    });
    expect(version.inspection).toEqual(inspectionOf(500, 1234));
    expect(await researcher.api.upload.get({ org: org.slug, id: uploadId })).toMatchObject({
      state: "registered",
    });
  });

  it("with names that the database cannot keep is stored all the same", async () => {
    const made = await registered();
    const scope = await workerScope(database.db, made);
    const hostile = { ...inspectionOf(500), operators: { "Ge\0mm": 1, __proto__x: 2 }, warnings: ["\ud800"] };
    expect(await completeModelInspection(database.db, scope, hostile)).toBe(true);
    const version = await researcher.api.model.version({ ...at, model: "net", number: 1 });
    expect(version.inspection?.operators).toEqual({ "Ge\uFFFDmm": 1, __proto__x: 2 });
  });

  it("that is no inspection is refused, and the version stays in check", async () => {
    const made = await registered();
    const scope = await workerScope(database.db, made);
    await expect(completeModelInspection(database.db, scope, { parameters: -1 })).rejects.toThrow();
    expect(await researcher.api.model.status({ org: org.slug, versionId: made.versionId })).toMatchObject({
      state: "checking",
    });
  });

  it("that it is bad leaves nothing but the reason", async () => {
    const { uploadId, sha256 } = await upload();
    const made = await registered("Net", uploadId);
    await researcher.api.note.create({
      org: org.slug,
      subject: "model",
      subjectId: made.modelId,
      title: "About it",
      body: "",
    });
    expect(await rejectModelVersion(database.db, await workerScope(database.db, made), refusal)).toBe(true);
    expect(await counts()).toEqual({ models: 0, versions: 0, artifacts: 0 });
    expect(await database.db.note.count({ where: { organisationId: org.id } })).toBe(0);
    expect(store.files()).not.toContain(sha256);
    expect(await researcher.api.upload.get({ org: org.slug, id: uploadId })).toMatchObject({
      state: "rejected",
      problem: refusal,
      sha256: null,
    });
    await expect(workerScope(database.db, made)).rejects.toMatchObject({ code: "notFound" });
    await researcher.api.upload.dismiss({ org: org.slug, id: uploadId });
    expect(await researcher.api.upload.list(at)).toEqual([]);
  });

  it("that a new version is bad leaves the model and equal bytes of other versions", async () => {
    const bytes = randomBytes(500);
    const first = await upload(bytes);
    const made = await registered("Net", first.uploadId);
    await completeModelInspection(database.db, await workerScope(database.db, made), inspectionOf(500));
    const second = await upload(bytes);
    const again = await researcher.api.model.register({
      ...at,
      uploadId: second.uploadId,
      modelId: made.modelId,
    });
    await rejectModelVersion(database.db, await workerScope(database.db, again), refusal);
    expect(await counts()).toEqual({ models: 1, versions: 1, artifacts: 1 });
    expect(store.files()).toContain(first.sha256);
    expect(await researcher.api.upload.get({ org: org.slug, id: first.uploadId })).toMatchObject({
      state: "registered",
    });
    expect(await researcher.api.upload.get({ org: org.slug, id: second.uploadId })).toMatchObject({
      state: "rejected",
    });
  });

  it("belongs to one upload: equal bytes are not checked twice at a time", async () => {
    const bytes = randomBytes(500);
    const [first, second] = [await upload(bytes), await upload(bytes)];
    await registered("Net", first.uploadId);
    await expect(registered("Other", second.uploadId)).rejects.toMatchObject({ message: "conflict" });
    await expect(researcher.api.upload.dismiss({ org: org.slug, id: first.uploadId })).rejects.toMatchObject({
      message: "notReady",
    });
  });
});

describe("reading", () => {
  it("lists newest first, in pages, with the latest version", async () => {
    for (const name of ["Alpha", "Beta", "Gamma"]) await ready(name);
    const first = await researcher.api.model.list({ ...at, limit: 2 });
    expect(first.rows.map((row) => row.name)).toEqual(["Gamma", "Beta"]);
    expect(first.total).toBe(3);
    const second = await researcher.api.model.list({ ...at, limit: 2, cursor: first.nextCursor });
    expect(second.rows.map((row) => row.name)).toEqual(["Alpha"]);
    expect(second.nextCursor).toBeNull();
    expect(second.rows[0]).toMatchObject({ versions: 1, latest: { number: 1, bytes: 500, parameters: 100 } });
    const found = await researcher.api.model.list({ ...at, search: "BET" });
    expect(found).toMatchObject({ total: 1, rows: [{ name: "Beta" }] });
    await expect(researcher.api.model.list({ ...at, search: "a\0" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("shows what is said about it, and changes that", async () => {
    const { modelId } = await ready();
    const about = { name: "New name", description: "# Net", trainingData: "MNIST train", licence: "MIT" };
    await researcher.api.model.update({ org: org.slug, modelId, ...about });
    expect(await researcher.api.model.get({ ...at, model: "net" })).toMatchObject(about);
    await researcher.api.model.update({ org: org.slug, modelId, licence: "Apache-2.0" });
    expect(await researcher.api.model.get({ ...at, model: "net" })).toMatchObject({
      ...about,
      licence: "Apache-2.0",
    });
  });
});

describe("the output of a run", () => {
  async function run() {
    const { versionId } = await ready();
    const about = { organisationId: org.id, projectId: org.projectId, createdById: researcher.userId };
    const experiment = await database.db.experiment.create({
      data: { ...about, number: 1, question: "Smaller?", modelVersionId: versionId },
    });
    const recipe = { name: "int8 dynamic", seed: 0, steps: [] };
    const made = await database.db.run.create({
      data: {
        ...about,
        experimentId: experiment.id,
        number: 1,
        recipeName: recipe.name,
        recipe,
        state: "running",
      },
    });
    const scope = await workerScope(database.db, { runId: made.id });
    return { parentVersionId: versionId, recipe, runId: made.id, scope };
  }

  it("becomes a version of the same model with its lineage, and is not made twice", async () => {
    const { parentVersionId, recipe, runId, scope } = await run();
    const file = await artifactStore().put(streamOf(randomBytes(200)), { limit: 1000 });
    const output = { file, parentVersionId, recipe, inspection: inspectionOf(200, 100) };
    const made = await database.db.$transaction((tx) => registerRunOutput(tx, scope, output));
    expect(made.number).toBe(2);
    expect(await database.db.$transaction((tx) => registerRunOutput(tx, scope, output))).toEqual(made);
    await database.db.measurement.create({
      data: {
        runId,
        name: "size/encoded",
        split: "none",
        organisationId: org.id,
        projectId: org.projectId,
        attempt: 1,
        value: 150,
        unit: "B",
        intervalKind: "exact",
        n: 1,
        tier: "metered",
        method: "count",
        scope: "file",
        conditions: {},
        deltaValue: -300,
        deltaPercent: -66.7,
        deltaMethod: "unpaired",
      },
    });
    await database.db.measurement.create({
      data: {
        runId,
        name: "quality/top1",
        split: "test",
        organisationId: org.id,
        projectId: org.projectId,
        attempt: 1,
        value: 0.9,
        unit: "fraction",
        intervalKind: "interval",
        low: 0.88,
        high: 0.92,
        level: 0.95,
        n: 1000,
        tier: "metered",
        method: "count",
        scope: "process",
        conditions: {},
        deltaValue: -0.01,
        deltaPercent: -1.1,
        deltaLow: -0.02,
        deltaHigh: 0,
        deltaMethod: "paired",
      },
    });
    const lineage = await researcher.api.model.lineage({ ...at, model: "net" });
    expect(lineage.versions).toMatchObject([
      { number: 2, fileName: "net.int8-dynamic.onnx", state: "ready", parentVersionId, runId, bytes: 200 },
      { number: 1, parentVersionId: null },
    ]);
    expect(lineage.edges).toMatchObject([
      {
        parentVersionId,
        versionId: made.versionId,
        recipeName: "int8 dynamic",
        teacher: null,
        bytesChange: -300,
        run: { id: runId, number: 1, experimentNumber: 1 },
        changes: [
          { name: "quality/top1", split: "test", tier: "metered", baselineDelta: { value: -0.01 } },
          { name: "size/encoded", value: 150, interval: "exact", baselineDelta: { percent: -66.7 } },
        ],
      },
    ]);
  });

  it("cannot go into another organisation's model, whatever the caller says", async () => {
    const { recipe, scope } = await run();
    const theirs = await stranger.api.model.register({
      org: other.slug,
      project: other.projectSlug,
      uploadId: (await uploaded(stranger.session, other, randomBytes(10))).uploadId,
      name: "Theirs",
    });
    const file = await artifactStore().put(streamOf(randomBytes(200)), { limit: 1000 });
    const output = { file, parentVersionId: theirs.versionId, recipe, inspection: inspectionOf(200) };
    await expect(
      database.db.$transaction((tx) => registerRunOutput(tx, scope, output)),
    ).rejects.toMatchObject({ code: "notFound" });
  });

  it.each([
    ["net.onnx", "float16", "net.float16.onnx"],
    ["net.ONNX", "../..", "net.compressed.onnx"],
    ["model", "prune 80 %", "model.prune-80.onnx"],
    ["网络.onnx", "量化", "网络.量化.onnx"],
  ])("is named after model and recipe: %s, %s", (parent, recipe, expected) => {
    expect(outputName(parent, recipe)).toBe(expected);
  });
});
