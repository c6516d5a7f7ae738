import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import * as golden from "#engine/evaluate/dataset/formats/testing/golden.ts";
import { bytesOf } from "#engine/evaluate/dataset/formats/testing/golden-bytes.ts";
import { workerScope } from "#server/auth/gate.ts";
import { testDatabase } from "#server/testing/database.ts";
import { summaryOf } from "#server/testing/inspection.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { testStore } from "#server/testing/store.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { completeDatasetIngest, datasetToIngest, rejectDatasetVersion } from "./ingest.ts";

const database = testDatabase();
const store = testStore();
const digest = "d".repeat(64);
const refusal = { code: "data-mismatch", message: "There is no column label", place: "a.csv" };
let org: TestOrganisation;
let researcher: Person;
let viewer: Person;
let at: { org: string; project: string };

beforeEach(async () => {
  org = await organisation(database);
  researcher = await person(database, org, "researcher");
  viewer = await person(database, org, "viewer");
  at = { org: org.slug, project: org.projectSlug };
});

const manifest = {
  name: "table",
  task: "classification" as const,
  splits: { train: "a.csv", test: "b.csv" },
  inputs: [{ to: 0, from: ["x", "y"] }],
  label: { from: "label" },
};

const text = (content: string) => Buffer.from(content);

async function files(): Promise<{ name: string; uploadId: string }[]> {
  const made = [];
  for (const name of ["a.csv", "b.csv"]) {
    const content = text(`x,y,label\n1,2,0\n3,4,${randomBytes(4).readUInt32LE()}\n`);
    made.push({ name, uploadId: (await uploaded(researcher.session, org, content, name)).uploadId });
  }
  return made;
}

const register = async (given?: { name: string; uploadId: string }[], datasetId?: string) =>
  researcher.api.dataset.register({
    ...at,
    files: given ?? (await files()),
    manifest,
    ...(datasetId ? { datasetId } : { name: "Table" }),
  });

const states = async (given: { uploadId: string }[]) =>
  Promise.all(
    given.map(async ({ uploadId }) => (await viewer.api.upload.get({ org: org.slug, id: uploadId })).state),
  );

const counts = async () => ({
  datasets: await database.db.dataset.count({ where: { organisationId: org.id } }),
  versions: await database.db.datasetVersion.count({ where: { organisationId: org.id } }),
  artifacts: await database.db.artifact.count({ where: { organisationId: org.id } }),
});

describe("registering", () => {
  it("makes dataset, version, files and job in one", async () => {
    const given = await files();
    const made = await register(given);
    expect(made).toMatchObject({ slug: "table", number: 1 });
    const { rows } = await database.pool.query("select name from pgboss.job where data->>'versionId' = $1", [
      made.versionId,
    ]);
    expect(rows).toEqual([{ name: "dataset.ingest" }]);
    expect(await states(given)).toEqual(["checking", "checking"]);
    const version = await viewer.api.dataset.version({ ...at, dataset: "table", number: 1 });
    expect(version).toMatchObject({ state: "checking", task: "classification", summary: null, digest: null });
    expect(version.files.map((file) => file.name)).toEqual(["a.csv", "b.csv"]);
    // What the schema adds by default is stored too: the digest is over exactly this manifest.
    expect(version.manifest).toMatchObject({ ...manifest, csv: { quotes: true } });
  });

  it("says which file the manifest asks for in vain", async () => {
    const [first] = await files();
    const register = researcher.api.dataset.register({ ...at, files: [first!], manifest, name: "Table" });
    await expect(register).rejects.toMatchObject({
      cause: { code: "invalidInput", details: { fields: "files", missing: "b.csv" } },
    });
    expect(await states([first!])).toEqual(["received"]);
  });

  it.each([
    [
      "two files of one name",
      (all: { name: string; uploadId: string }[]) => [all[0]!, { ...all[1]!, name: "a.csv" }],
    ],
    [
      "one upload twice",
      (all: { name: string; uploadId: string }[]) => [all[0]!, { ...all[1]!, uploadId: all[0]!.uploadId }],
    ],
  ])("refuses %s", async (_name, change) => {
    await expect(register(change(await files()))).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  it("takes nothing from another organisation", async () => {
    const given = await files();
    const other = await organisation(database);
    const stranger = await person(database, other, "owner");
    const foreign = { org: other.slug, project: other.projectSlug, files: given, manifest, name: "Table" };
    await expect(stranger.api.dataset.register(foreign)).rejects.toMatchObject({ message: "notFound" });
    await expect(stranger.api.dataset.suggest(foreign)).rejects.toMatchObject({ message: "notFound" });
    expect(await states(given)).toEqual(["received", "received"]);
    expect(await database.db.dataset.count({ where: { organisationId: other.id } })).toBe(0);
  });

  it("takes two files with equal bytes", async () => {
    const content = text("x,y,label\n1,2,0\n");
    const given = [];
    for (const name of ["a.csv", "b.csv"]) {
      given.push({ name, uploadId: (await uploaded(researcher.session, org, content, name)).uploadId });
    }
    const made = await register(given);
    expect(await counts()).toEqual({ datasets: 1, versions: 1, artifacts: 1 });
    await rejectDatasetVersion(database.db, await workerScope(database.db, made), refusal);
    expect(await states(given)).toEqual(["rejected", "rejected"]);
    expect(await counts()).toEqual({ datasets: 0, versions: 0, artifacts: 0 });
  });
});

describe("the worker's word", () => {
  it("that it is good makes the version usable, once, and for ever the same", async () => {
    const given = await files();
    const made = await register(given);
    const scope = await workerScope(database.db, made);
    const toIngest = await datasetToIngest(database.db, scope);
    expect([...(toIngest?.files.keys() ?? [])]).toEqual(["a.csv", "b.csv"]);
    expect(toIngest?.manifest).toMatchObject(manifest);
    expect(await completeDatasetIngest(database.db, scope, { summary: summaryOf, digest })).toBe(true);
    const late = { summary: summaryOf, digest: "e".repeat(64) };
    expect(await completeDatasetIngest(database.db, scope, late)).toBe(false);
    expect(await rejectDatasetVersion(database.db, scope, refusal)).toBe(false);
    expect(await datasetToIngest(database.db, scope)).toBeUndefined();
    expect(await states(given)).toEqual(["registered", "registered"]);
    const about = { name: "Renamed", description: "d", source: "s", licence: "CC0" };
    await researcher.api.dataset.update({ org: org.slug, datasetId: made.datasetId, ...about });
    expect(await viewer.api.dataset.get({ ...at, dataset: "table" })).toMatchObject({
      ...about,
      versions: [{ number: 1, state: "ready", digest, items: { train: 8, test: 2 } }],
    });
    expect(await viewer.api.dataset.version({ ...at, dataset: "table", number: 1 })).toMatchObject({
      summary: summaryOf,
      digest,
    });
  });

  it("that is no summary or no digest is refused", async () => {
    const made = await register();
    const scope = await workerScope(database.db, made);
    await expect(completeDatasetIngest(database.db, scope, { summary: {}, digest })).rejects.toThrow();
    await expect(
      completeDatasetIngest(database.db, scope, { summary: summaryOf, digest: "x" }),
    ).rejects.toThrow();
    const { versionId } = made;
    expect(await viewer.api.dataset.status({ org: org.slug, versionId })).toMatchObject({
      state: "checking",
    });
  });

  it("that it is bad leaves nothing but the reason", async () => {
    const given = await files();
    const made = await register(given);
    const version = await viewer.api.dataset.version({ ...at, dataset: "table", number: 1 });
    for (const { sha256 } of version.files) expect(store.files()).toContain(sha256);
    await rejectDatasetVersion(database.db, await workerScope(database.db, made), refusal);
    expect(await counts()).toEqual({ datasets: 0, versions: 0, artifacts: 0 });
    for (const { sha256 } of version.files) expect(store.files()).not.toContain(sha256);
    expect(await viewer.api.upload.list(at)).toMatchObject([
      { state: "rejected", problem: refusal },
      { state: "rejected", problem: refusal },
    ]);
  });

  it("that a second version is bad leaves the first", async () => {
    const made = await register();
    const scope = await workerScope(database.db, made);
    await completeDatasetIngest(database.db, scope, { summary: summaryOf, digest });
    const again = await register(undefined, made.datasetId);
    expect(again).toMatchObject({ slug: "table", number: 2, datasetId: made.datasetId });
    await rejectDatasetVersion(database.db, await workerScope(database.db, again), refusal);
    expect(await viewer.api.dataset.list(at)).toMatchObject({
      total: 1,
      rows: [{ name: "Table", versions: 1, latest: { number: 1, state: "ready" } }],
    });
    for (const hash of store.files())
      await database.db.artifact.findFirstOrThrow({ where: { sha256: hash } });
  });
});

describe("a suggestion", () => {
  const idx = (type: number, dims: number[], size = 1) => {
    const header = Buffer.alloc(4 + 4 * dims.length);
    header.set([0, 0, type, dims.length]);
    for (const [axis, dim] of dims.entries()) header.writeUInt32BE(dim, 4 + 4 * axis);
    return Buffer.concat([header, Buffer.alloc(size * dims.reduce((a, b) => a * b, 1))]);
  };

  async function suggestFor(contents: Record<string, Uint8Array>) {
    const given = [];
    for (const [name, content] of Object.entries(contents)) {
      given.push({ name, uploadId: (await uploaded(researcher.session, org, content, name)).uploadId });
    }
    return researcher.api.dataset.suggest({ ...at, files: given });
  }

  it("pairs images and labels, also where they are packed and far larger than what is looked at", async () => {
    const { files: looked, manifest } = await suggestFor({
      "train-images-idx3-ubyte.gz": gzipSync(idx(8, [2000, 28, 28])),
      "train-labels-idx1-ubyte.gz": gzipSync(idx(8, [2000])),
      "t10k-images-idx3-ubyte": idx(8, [100, 28, 28]),
      "t10k-labels-idx1-ubyte": idx(8, [100]),
    });
    expect(looked[0]).toMatchObject({ kind: "idx", array: { dtype: "uint8", shape: [2000, 28, 28] } });
    expect(manifest).toMatchObject({
      task: "classification",
      splits: {
        train: { images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" },
        test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
      },
      inputs: [{ to: 0, from: "images", dtype: "float32", scale: 1 / 255 }],
      label: { from: "labels" },
    });
  });

  it("reads the columns of Parquet at its end", async () => {
    const { files: looked, manifest } = await suggestFor({ "t.parquet": bytesOf(golden.parquet.zstd) });
    expect(looked[0]).toMatchObject({ kind: "parquet" });
    expect(looked[0]?.columns?.map(({ name, type }) => [name, type])).toEqual([
      ["x", "number"],
      ["n", "integer"],
      ["label", "text"],
      ["ok", "integer"],
      ["v", "text"],
      ["day", "integer"],
    ]);
    expect(manifest).toMatchObject({
      task: "classification",
      splits: { file: "t.parquet" },
      label: { from: "label" },
    });
    const broken = await suggestFor({ "b.parquet": bytesOf(golden.parquet.zstd).subarray(0, 200) });
    expect(broken).toMatchObject({ files: [{ kind: "parquet" }], manifest: null });
  });

  it("of a gzip bomb reads a little and no more", async () => {
    const before = process.memoryUsage.rss();
    const { files: looked } = await suggestFor({ "bomb.csv.gz": gzipSync(Buffer.alloc(200 << 20)) });
    expect(looked[0]?.kind).toBe("unknown");
    // The buffer and its packing are the test's own; the answer must not have inflated it again.
    expect(process.memoryUsage.rss() - before).toBeLessThan(400 << 20);
  });

  it("of what is no table says so", async () => {
    const { files: looked, manifest } = await suggestFor({
      "broken.csv.gz": gzipSync(text("x,y\n1,2\n")).subarray(0, 9),
      "picture.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0xff]),
      "empty.csv": new Uint8Array(0),
    });
    expect(looked.map((file) => file.kind)).toEqual(["unknown", "unknown", "unknown"]);
    expect(manifest).toBeNull();
  });
});
