import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as golden from "#engine/evaluate/dataset/formats/testing/golden.ts";
import { bytesOf } from "#engine/evaluate/dataset/formats/testing/golden-bytes.ts";
import { wavOf } from "#engine/evaluate/dataset/formats/testing/wav.ts";
import type { Manifest } from "#engine/evaluate/dataset/manifest.schema.ts";
import { datasetSummarySchema } from "#engine/evaluate/dataset/summary.schema.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { type ZipPart, zipOf } from "#engine/testing/zip.ts";
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/process.ts";
import { waitFor } from "./testing/wait.ts";

const database = testDatabase();
let bench: Bench;
let worker: WorkerProcess;

beforeAll(async () => {
  bench = await openBench(database);
  worker = await startWorkerProcess({ url: database.url, home: bench.home, slots: 1 });
});
afterAll(async () => {
  expect(await worker.end()).toBe(0);
  bench.close();
});

const input = (from: string, more: object = {}): Pick<Manifest, "inputs"> => ({
  inputs: [{ to: 0, from, lowercase: true, ...more }],
});
const whole = { splits: { test: "points.csv" } };
const images = { ...whole, ...input("image"), label: { from: "class" } };
const png = bytesOf(golden.png.rgb);

async function summaryOf(id: string) {
  const { summary } = await database.db.datasetVersion.findUniqueOrThrow({ where: { id } });
  return datasetSummarySchema.parse(summary);
}

describe("registering", () => {
  it("reads pictures in folders, and shows them", { timeout: 60_000 }, async () => {
    const rows = zipOf([
      { path: "train/cat/1.png", content: png, deflated: true },
      { path: "test/dog/2.png", content: png },
    ]);
    const splits = { file: "points.csv", column: "split" };
    const id = await bench.addDataset({ rows, manifest: { ...images, splits } });
    expect(await bench.checked("dataset", id)).toBe("ready");
    const summary = await summaryOf(id);
    expect(summary.items).toMatchObject({ train: 1, test: 1 });
    expect(summary.images.map(({ label, width, height }) => [label, width, height])).toEqual([
      ["cat", 8, 6],
      ["dog", 8, 6],
    ]);
    expect(summary.remarks).toEqual([
      { key: "dataset.leak", params: { count: 1, total: 1, split: "test", other: "train" } },
    ]);
  });

  it.each<[string, Uint8Array, Partial<Manifest>, number]>([
    ["Parquet", bytesOf(golden.parquet.zstd), { ...input("v"), label: { from: "label" } }, 6],
    ["JSON lines", gzipSync('{"x":[1,2],"label":"a"}\n{"x":[3,4],"label":"b"}\n'), input("x"), 2],
    ["NPZ", bytesOf(golden.npz), { ...input("x"), label: { from: "y" } }, 2],
    [
      "WAV",
      wavOf([0, 0.5, 0.25]),
      { ...input("audio"), label: undefined, audio: { rate: 16_000, samples: 2, rest: "pad" } },
      2,
    ],
  ])("reads %s", { timeout: 60_000 }, async (_name, rows, manifest, items) => {
    const id = await bench.addDataset({ rows, manifest: { ...whole, ...manifest } });
    expect(await bench.checked("dataset", id)).toBe("ready");
    expect((await summaryOf(id)).items.test).toBe(items);
  });
});

/** Everything that a registration makes: rows of the organisation and files of the store. */
async function traces(): Promise<unknown> {
  const where = { where: { organisationId: bench.org.id } };
  const { db } = database;
  return {
    datasets: await db.dataset.count(where),
    versions: await db.datasetVersion.count(where),
    artifacts: await db.artifact.count(where),
    files: readdirSync(join(bench.home, "artifacts"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  };
}

/** Files go after the rows that named them. */
async function expectTraces(before: unknown): Promise<void> {
  await waitFor("nothing to be left", async () => isDeepStrictEqual(await traces(), before));
}

describe("what is refused leaves nothing but the reason", () => {
  const part = (more: Partial<ZipPart>) => zipOf([{ path: "a/1.png", content: png, ...more }]);
  const zeros = new Uint8Array(8 << 20);

  const cases: [string, Uint8Array, RegExp][] = [
    ["a way up", part({ path: "../../1.png" }), /relative path/],
    ["a link", part({ mode: 0o120_777 }), /Symbolic links/],
    ["a bomb", part({ content: zeros, deflated: true }), /250 times/],
    ["a bomb of gzip", gzipSync(zeros), /unpacks to more/],
    ["a nested archive", part({ path: "a/1.zip" }), /archive within/],
    [
      "shared bytes",
      zipOf([
        { path: "a/1.png", content: png },
        { path: "a/2.png", content: png, offset: 0 },
      ]),
      /shares bytes/,
    ],
    ["a pickle", Uint8Array.of(0x80, 4, 0x95, 0, 0, 0, 0, 0x2e), /allow_pickle=False/],
    ["half an archive", part({}).subarray(0, 120), /Broken ZIP/],
    ["a broken picture", part({ content: png.subarray(0, 50) }), /PNG/],
    ["broken Parquet", bytesOf(golden.parquet.none).subarray(0, 700), /Parquet/],
  ];

  it.each(cases)("%s", { timeout: 60_000 }, async (_name, rows, reason) => {
    const before = await traces();
    const id = await bench.addDataset({ rows, manifest: images });
    expect(await bench.checked("dataset", id)).toMatchObject({ message: expect.stringMatching(reason) });
    await expectTraces(before);
  });

  const hostile = sharedData("data/hostile");
  const real = [
    "zip-broken/absolute path C xt.zip",
    "zip-broken/wrong-entry-sizes.zip",
    "zip-valid/traditional-encryption.zip",
    "lfs-pointer/mnist-8-opset13.onnx",
  ];

  it.skipIf(!hostile).each(real)("of others: %s", { timeout: 60_000 }, async (path) => {
    const before = await traces();
    const id = await bench.addDataset({ rows: readFileSync(join(hostile ?? "", path)), manifest: images });
    const problem = await bench.checked("dataset", id);
    expect(problem).toMatchObject({ code: expect.stringMatching(/malformed|unsupported|truncated/) });
    await expectTraces(before);
  });
});
