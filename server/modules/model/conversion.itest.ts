import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { Conversion } from "#engine/formats/conversion.schema.ts";
import { workerScope } from "#server/auth/gate.ts";
import { sendModel } from "#server/entry/download.ts";
import { artifactStore } from "#server/storage/current.ts";
import { testDatabase } from "#server/testing/database.ts";
import { inspectionOf } from "#server/testing/inspection.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { streamOf, testStore } from "#server/testing/store.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { completeModelInspection, modelToInspect, rejectModelVersion } from "./inspection.ts";

const database = testDatabase();
const store = testStore();
const conversion: Conversion = {
  format: "tensorflow-js",
  operators: { Dense: 2 },
  notes: [],
  transposes: { before: 0, after: 0 },
  parity: {
    reference: "TensorFlow.js",
    inputs: 16,
    seed: 1,
    tolerance: 1e-4,
    steps: 0,
    sensitive: 0,
    outputs: [{ name: "y", maxAbs: 1e-7, maxRelative: 1e-7, sameArgMax: 1 }],
    agrees: true,
  },
};
let org: TestOrganisation;
let researcher: Person;
let at: { org: string; project: string };

beforeAll(async () => {
  org = await organisation(database);
  researcher = await person(database, org, "researcher");
  at = { org: org.slug, project: org.projectSlug };
});

const send = (name: string, bytes: Uint8Array = randomBytes(100)) =>
  uploaded(researcher.session, org, bytes, name);

async function registered(name: string, files: readonly string[]) {
  const sent = [];
  for (const file of files) sent.push(await send(file));
  const [uploadId = "", ...beside] = sent.map((one) => one.uploadId);
  return { sent, made: await researcher.api.model.register({ ...at, uploadId, beside, name }) };
}

const converted = async (bytes: Uint8Array = randomBytes(80)) => ({
  file: await artifactStore().put(streamOf(bytes), { limit: 1000 }),
  conversion,
});

const statesOf = (sent: readonly { uploadId: string }[]) =>
  Promise.all(
    sent.map(
      async ({ uploadId }) => (await researcher.api.upload.get({ org: org.slug, id: uploadId })).state,
    ),
  );

describe("a model of several files", () => {
  it("becomes the ONNX file that was made of them, and keeps them", async () => {
    const { sent, made } = await registered("Layers", ["model.json", "group1-shard1of1.bin"]);
    const scope = await workerScope(database.db, made);
    const task = await modelToInspect(database.db, scope);
    expect(task?.sources.map(({ name }) => name)).toEqual(["group1-shard1of1.bin", "model.json"]);
    const output = await converted();
    expect(await completeModelInspection(database.db, scope, inspectionOf(80), output)).toBe(true);
    const version = await researcher.api.model.version({ ...at, model: made.slug, number: 1 });
    expect(version).toMatchObject({
      state: "ready",
      isConverted: true,
      fileName: "model.onnx",
      bytes: 80,
      sha256: output.file.sha256,
      conversion,
      sources: [
        { name: "group1-shard1of1.bin", bytes: 100 },
        { name: "model.json", bytes: 100, sha256: sent[0]?.sha256 },
      ],
    });
    expect(await statesOf(sent)).toEqual(["registered", "registered"]);
    const get = (query: string) =>
      sendModel(researcher.session, new Request(`http://localhost/?${query}`), made.versionId);
    const file = await get(`org=${org.slug}&source=model.json`);
    expect((await file.arrayBuffer()).byteLength).toBe(100);
    await expect(get(`org=${org.slug}&source=other.json`)).rejects.toMatchObject({ code: "notFound" });
    expect((await (await get(`org=${org.slug}`)).arrayBuffer()).byteLength).toBe(80);
  });

  it("that is refused leaves nothing but the reason, at each of its files", async () => {
    const { sent, made } = await registered("Bad", ["model.json", "weights.bin"]);
    const refusal = { code: "file-failed", message: "A shard is missing" };
    expect(await rejectModelVersion(database.db, await workerScope(database.db, made), refusal)).toBe(true);
    expect(await statesOf(sent)).toEqual(["rejected", "rejected"]);
    for (const { sha256 } of sent) expect(store.files()).not.toContain(sha256);
    expect(await database.db.model.count({ where: { id: made.modelId } })).toBe(0);
  });

  it("has no two of one name", async () => {
    await expect(registered("Twice", ["model.json", "model.json"])).rejects.toMatchObject({
      message: "invalidInput",
    });
  });

  it("whose conversion is none is refused, and stays in check", async () => {
    const { made } = await registered("Odd", ["model.json", "weights.bin"]);
    const scope = await workerScope(database.db, made);
    const { file } = await converted();
    const odd = { file, conversion: { ...conversion, format: "other" } };
    await expect(completeModelInspection(database.db, scope, inspectionOf(80), odd)).rejects.toThrow();
    expect(await researcher.api.model.status({ org: org.slug, versionId: made.versionId })).toMatchObject({
      state: "checking",
    });
  });
});

it("a file of another name that is ONNX after all is registered as such", async () => {
  const { sent, made } = await registered("Renamed", ["weights"]);
  const scope = await workerScope(database.db, made);
  expect((await modelToInspect(database.db, scope))?.sources).toHaveLength(1);
  expect(await completeModelInspection(database.db, scope, inspectionOf(100))).toBe(true);
  const version = await researcher.api.model.version({ ...at, model: made.slug, number: 1 });
  expect(version).toMatchObject({
    isConverted: false,
    conversion: null,
    sources: [],
    sha256: sent[0]?.sha256,
  });
});
