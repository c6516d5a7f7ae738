import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { loadDataset, rowsOf } from "../evaluate/dataset/dataset.ts";
import { splitDigests } from "../evaluate/dataset/digest.ts";
import type { Manifest } from "../evaluate/dataset/manifest.schema.ts";
import { parseManifest } from "../evaluate/dataset/manifest.ts";
import { summarise } from "../evaluate/dataset/summary.ts";
import { assessQuality } from "../evaluate/quality.ts";
import { scoreOutput } from "../evaluate/tensors/item-outputs.ts";
import { mnistManifest } from "../testing/mnist.ts";
import { openFolder } from "./dataset-files.ts";
import { sha256Hex } from "./hash.ts";
import { predict } from "./predict.ts";
import { loadSession } from "./session.ts";

const datasets = sharedData("data/datasets");
const models = sharedData("data/onnx/mnist");
const hostile = sharedData("data/hostile");

function manifest(value: object): Manifest {
  return parseManifest(JSON.stringify({ name: "t", ...value }));
}

async function evaluateMnist(model: string) {
  const dataset = loadDataset(mnistManifest, openFolder(join(datasets!, "mnist")), { splits: ["test"] });
  const rows = rowsOf(dataset, "test");
  const session = await loadSession(join(models!, model));
  const outputs = await predict(session, dataset, rows);
  const candidate = outputs.get(scoreOutput(session.signature, undefined))!;
  await session.release();
  return { dataset, rows, candidate };
}

describe.skipIf(!datasets || !models)("real models on real data", () => {
  it("finds the known accuracy of a CNN on MNIST", async () => {
    const { dataset, rows, candidate } = await evaluateMnist("cnn_max_mninst2.onnx");
    const report = assessQuality({
      dataset,
      split: "test",
      rows,
      candidate,
      conditions: { engineVersion: "test" },
      seed: 1,
    });
    const top1 = report.measurements.find(({ name }) => name === "quality/top1")!;
    expect(top1.n).toBe(10_000);
    expect(top1.value).toBeGreaterThan(0.981);
    expect(top1.value).toBeLessThan(0.984);
    expect(report.perClass).toHaveLength(10);
    const items = report.perClass.reduce((sum, { recall }) => sum + recall.n, 0);
    expect(items).toBe(10_000);
  }, 120_000);

  it("compares two models on the same items", async () => {
    const baseline = await evaluateMnist("cnn_max_mninst2.onnx");
    const other = await evaluateMnist("mnist2x10.onnx");
    const { dataset, rows, candidate } = other;
    const report = assessQuality({
      dataset,
      split: "test",
      rows,
      baseline: baseline.candidate,
      candidate,
      conditions: { engineVersion: "test" },
      seed: 1,
    });
    const top1 = report.measurements.find(({ name }) => name === "quality/top1")!;
    const delta = top1.baselineDelta!;
    expect(delta.value).toBeLessThan(0);
    if (typeof delta.interval === "string") throw new Error("no interval");
    expect(delta.interval.high).toBeLessThan(0);
    expect(report.disagreements.some(({ change }) => change === "lost")).toBe(true);
  }, 120_000);

  it("says what a model expects and what the data give", async () => {
    const session = await loadSession(join(models!, "../traffic-sign/traffic-classifier64.onnx"));
    const dataset = loadDataset(mnistManifest, openFolder(join(datasets!, "mnist")), { splits: ["test"] });
    expect(() => predict(session, dataset, rowsOf(dataset, "test"))).toThrow(
      /takes \[.*\].*the dataset gives items of \[28, 28, 1\]/,
    );
    await session.release();
  });

  it("gives equal digests for equal files and other ones for other splits", () => {
    const dataset = loadDataset(mnistManifest, openFolder(join(datasets!, "mnist")));
    const digests = splitDigests(dataset, sha256Hex);
    expect(Object.keys(digests)).toEqual(["train", "test"]);
    const alone = loadDataset(mnistManifest, openFolder(join(datasets!, "mnist")), { splits: ["test"] });
    expect(splitDigests(alone, sha256Hex).test).toBe(digests.test);
    const summary = summarise(alone);
    expect(summary.images).toHaveLength(12);
    expect(summary.label).toMatchObject({
      kind: "class",
      counts: { test: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] },
    });
  });
});

describe.skipIf(!datasets)("real tables", () => {
  it("optdigits: no header, 64 pixels then the label", () => {
    const dataset = loadDataset(
      manifest({
        task: "classification",
        splits: { train: "optdigits-train.csv", test: "optdigits-test.csv", calibration: 300, seed: 1 },
        inputs: [{ to: 0, from: "0..63", shape: [8, 8, 1], scale: 1 / 16 }],
        label: { from: 64 },
      }),
      openFolder(join(datasets!, "optdigits")),
    );
    expect(dataset.splits.test.length).toBe(1797);
    expect(dataset.splits.train.length).toBe(3823 - 300);
    expect(dataset.labels?.kind === "class" && dataset.labels.names).toHaveLength(10);
  });

  it("iris: tabs, a byte-order mark, a header that starts with #", () => {
    const { splits, table } = loadDataset(
      manifest({
        task: "classification",
        splits: { file: "iris-full.txt", seed: 3, test: 0.2 },
        inputs: [{ to: 0, from: ["Sepal length", "Sepal width", "Petal length", "Petal width"] }],
        label: { from: "#Label" },
      }),
      openFolder(join(datasets!, "iris")),
    );
    expect(table.rows).toBe(150);
    expect(splits.test.length).toBe(30);
  });

  it("bike sharing: a header, a date among the columns, regression", () => {
    const bikes = (inputs: string[]) =>
      loadDataset(
        manifest({
          task: "regression",
          splits: { train: "hour_train.csv", test: "hour_test.csv" },
          inputs: [{ to: 0, from: inputs }],
          label: { from: "cnt" },
        }),
        openFolder(join(datasets!, "bike-sharing")),
      );
    const { splits } = bikes(["hr", "temp", "atemp", "hum", "windspeed"]);
    expect([splits.train.length, splits.test.length]).toEqual([13_949, 3430]);
    expect(() => bikes(["dteday"])).toThrow(
      '"2011-01-01" is not a number in column "dteday" (at hour_train.csv, line 2)',
    );
  });

  it("sentences: tabs, quotation marks inside, U+0085", () => {
    const { table, labels } = loadDataset(
      manifest({
        task: "classification",
        splits: { train: "sentiment-imdb-train.txt" },
        csv: { quotes: false },
        inputs: [{ to: 0, from: 0, dtype: "string" }],
        label: { from: 1, classes: [0, 1] },
      }),
      openFolder(join(datasets!, "sentiment-imdb")),
    );
    expect(table.rows).toBe(1000);
    expect(labels?.kind === "class" && [...labels.values].filter((label) => label === 1).length).toBe(500);
  });
});

describe.skipIf(!datasets || !hostile)("files that do not fit together", () => {
  it("labels of another count than the images", () => {
    const images = readFileSync(join(datasets!, "mnist/t10k-images-idx3-ubyte.gz"));
    expect(images.length).toBeGreaterThan(0);
    const open = (name: string) =>
      name.startsWith("train")
        ? openFolder(join(hostile!, "idx-count-mismatch"))(name)
        : openFolder(join(datasets!, "mnist"))(name);
    const wrong = manifest({
      task: "classification",
      splits: { test: { images: "t10k-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" } },
      inputs: [{ to: 0, from: "images" }],
      label: { from: "labels" },
    });
    expect(() => loadDataset(wrong, open)).toThrow(
      /"images" \(t10k-images-idx3-ubyte.gz\) has 10000 items, but "labels" \(train-labels-idx1-ubyte.gz\) has \d+/,
    );
  });
});
