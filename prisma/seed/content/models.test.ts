import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Dataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { baselines } from "./baselines/index.ts";
import { glyphs, ratings, topics } from "./index.ts";
import { modelBytes, models, modelsFolder, readRecords } from "./models.ts";
import { pruneSmallest, roundToFloat16, roundToInt8 } from "./testing/damage.ts";
import { load, testError } from "./testing/score.ts";

const generate = { glyphs, topics, ratings };
const records = readRecords();

describe.each(models)("the model $name", (model) => {
  const bytes = modelBytes(model);
  const record = records[model.dataset];
  let dataset: Dataset;
  let error: number;

  beforeAll(async () => {
    dataset = load(generate[model.dataset]());
    error = await testError(bytes, dataset);
  });

  it("is the file of the training record", () => {
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(record.sha256);
    expect(model.file).toBe(record.file);
    expect(bytes.length).toBe(record.bytes);
    expect(bytes.length).toBeGreaterThan(100_000);
    expect(bytes.length).toBeLessThan(900_000);
  });

  it("names its producer, licence and dataset", () => {
    const { producerName, metadataProps, opsetImport } = decodeModel(bytes);
    expect(producerName).toBe("parsimony");
    expect(metadataProps).toContainEqual({ key: "license", value: "CC0-1.0" });
    expect(metadataProps).toContainEqual({ key: "dataset", value: model.dataset });
    expect(opsetImport).toEqual([{ domain: "", version: 17 }]);
  });

  it("errs on 3 to 15 % of at least 2,000 test items, as the record says", () => {
    expect(dataset.manifest.task).toBe(model.task);
    expect(rowsOf(dataset, "test").length).toBeGreaterThanOrEqual(2000);
    expect(error).toBeGreaterThan(0.03);
    expect(error).toBeLessThan(0.15);
    // Float32 in ONNX Runtime against float64 in training: a near tie may fall the other way.
    expect(Math.abs(error - record.testError)).toBeLessThan(0.001);
  });

  it("keeps its quality with 16-bit and with 8-bit weights", async () => {
    expect(await testError(roundToFloat16(bytes), dataset)).toBeLessThan(error + 0.002);
    expect(await testError(roundToInt8(bytes), dataset)).toBeLessThan(error + 0.01);
  });

  it("loses little by pruning half of the weights, and errs twice as often without 90 %", async () => {
    expect(await testError(pruneSmallest(bytes, 0.5), dataset)).toBeLessThan(error * 1.5);
    expect(await testError(pruneSmallest(bytes, 0.9), dataset)).toBeGreaterThan(error * 2);
  });
});

it("keeps all models together under 2 MB", () => {
  const files = readdirSync(modelsFolder).filter((file) => file.endsWith(".onnx"));
  expect(files.sort()).toEqual(models.map(({ file }) => file).sort());
  const total = files.reduce((sum, file) => sum + statSync(resolve(modelsFolder, file)).size, 0);
  expect(total).toBeLessThan(2_000_000);
});

describe("training from scratch", () => {
  it.each(["topics", "ratings"] as const)("gives the committed bytes of %s", (name) => {
    const { bytes, testError: error } = baselines[name]();
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(records[name].sha256);
    expect(error).toBe(records[name].testError);
  });
});
