import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { findLeaks } from "../evaluate/dataset/leaks.ts";
import { parseManifest } from "../evaluate/dataset/manifest.ts";
import { openFolder, readDatasetFiles } from "./dataset-files.ts";

const datasets = sharedData("data/datasets");
const hostile = sharedData("data/hostile");

const read = (folder: string, manifest: object) =>
  readDatasetFiles(
    parseManifest(JSON.stringify({ name: folder, ...manifest })),
    openFolder(join(datasets!, folder)),
  );

describe.skipIf(!datasets)("datasets that others made", () => {
  it("iris: tabs, a byte-order mark in one of the files", async () => {
    const iris = {
      task: "classification",
      inputs: [{ to: 0, from: "Sepal length..Petal width" }],
      label: { from: "#Label" },
    };
    const whole = await read("iris", { ...iris, splits: { test: "iris-full.txt" } });
    expect(whole.table.rows).toBe(150);
    const cut = await read("iris", { ...iris, splits: { train: "iris-train.txt", test: "iris-test.txt" } });
    expect([cut.splits.train.length, cut.splits.test.length]).toEqual([120, 30]);
    expect(cut.labels).toMatchObject({ names: ["0", "1", "2"] });
  });

  it("optdigits: no header, 64 pixels and a label", async () => {
    const dataset = await read("optdigits", {
      task: "classification",
      csv: { header: false },
      inputs: [{ to: 0, from: "0..63", shape: [8, 8, 1], resize: { height: 16, width: 16 } }],
      label: { from: 64 },
      splits: { train: "optdigits-train.csv", test: "optdigits-test.csv" },
    }).catch((error: unknown) => String(error));
    // Cells of a table are numbers and no image, whose size would be known.
    expect(dataset).toContain("a column of images");
    const plain = await read("optdigits", {
      task: "classification",
      csv: { header: false },
      inputs: [{ to: 0, from: "0..63", shape: [8, 8, 1] }],
      label: { from: 64 },
      splits: { train: "optdigits-train.csv", test: "optdigits-test.csv" },
    });
    expect([plain.splits.train.length, plain.splits.test.length]).toEqual([3823, 1797]);
    expect(findLeaks(plain)).toEqual([]);
  });

  it("bike-sharing: commas and a header", async () => {
    const dataset = await read("bike-sharing", {
      task: "regression",
      inputs: [{ to: 0, from: "season..windspeed", missing: "mean" }],
      label: { from: "cnt" },
      splits: { train: "hour_train.csv", test: "hour_test.csv" },
    });
    expect([dataset.splits.train.length, dataset.splits.test.length]).toEqual([13_949, 3_430]);
  });

  it("power-meter: text, a time and a number", async () => {
    const dataset = await read("power-meter", {
      task: "regression",
      inputs: [{ to: 0, from: "time", dtype: "string" }],
      label: { from: "ConsumptionDiffNormalized" },
      splits: { test: "power-export_min.csv" },
    });
    expect(dataset.table.rows).toBe(90);
  });

  it("sentiment-imdb: sentences with commas, quotation marks and U+0085 between tabs", async () => {
    const dataset = await read("sentiment-imdb", {
      task: "classification",
      csv: { quotes: false, header: false, delimiter: "\t" },
      inputs: [{ to: 0, from: 0, encode: "hash", length: 256 }],
      label: { from: 1 },
      splits: { file: "sentiment-imdb-train.txt", seed: 1, test: 0.2 },
    });
    expect(dataset.table.rows).toBe(1000);
    expect(dataset.splits.test).toHaveLength(200);
  });

  it("silero-audio: a minute of speech, in windows of 512 frames", async () => {
    const about = {
      task: "classification",
      inputs: [{ to: "input", from: "audio" }],
      splits: { test: "test.wav" },
    };
    const dataset = await read("silero-audio", {
      ...about,
      audio: { rate: 16_000, samples: 512, rest: "drop" },
    });
    expect(dataset.table.rows).toBe(1875);
    expect(dataset.encoders[0]?.itemShape).toEqual([512]);
    const { values } = dataset.table.columns.get("audio")!;
    expect(values.length).toBe(960_000);
    // Samples in the file are 16 bits; the first stands behind a header of 44 bytes.
    const file = readFileSync(join(datasets!, "silero-audio/test.wav"));
    expect(values[5000]).toBe(file.readInt16LE(44 + 10_000) / 32_768);
    await expect(read("silero-audio", { ...about, audio: { rate: 8000, samples: 256 } })).rejects.toThrow(
      "16000 Hz, the manifest says 8000",
    );
  });

  it("mnist: gzip of IDX", async () => {
    const dataset = await read("mnist", {
      task: "classification",
      inputs: [{ to: 0, from: "images", crop: { height: 20, width: 20 }, scale: 1 / 255 }],
      label: { from: "labels" },
      splits: {
        train: { images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" },
        test: { images: "t10k-images-idx3-ubyte.gz", labels: "t10k-labels-idx1-ubyte.gz" },
      },
    });
    expect([dataset.splits.train.length, dataset.splits.test.length]).toEqual([60_000, 10_000]);
    expect(dataset.encoders[0]?.itemShape).toEqual([20, 20]);
    expect(findLeaks(dataset)).toEqual([]);
  });
});

describe.skipIf(!hostile)("what is no dataset", () => {
  const file = (path: string) => join(hostile!, path);

  it("says so: a pointer of Git LFS", async () => {
    const path = file("lfs-pointer/mnist-8-opset13.onnx");
    const manifest = {
      name: "t",
      task: "regression",
      inputs: [{ to: 0, from: 0 }],
      splits: { test: "mnist-8-opset13.onnx" },
    };
    await expect(
      readDatasetFiles(parseManifest(JSON.stringify(manifest)), openFolder(dirname(path))),
    ).rejects.toThrow("git lfs pull");
  });

  it("says so: labels of other images", async () => {
    const manifest = {
      name: "t",
      task: "classification",
      inputs: [{ to: 0, from: "images" }],
      label: { from: "labels" },
      splits: { test: { images: "t10k-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" } },
    };
    const open = (name: string) =>
      openFolder(name.startsWith("train") ? file("idx-count-mismatch") : join(datasets!, "mnist"))(name);
    await expect(readDatasetFiles(parseManifest(JSON.stringify(manifest)), open)).rejects.toThrow(
      /"images" \(t10k.*\) has 10000 items, but "labels" .* has \d+/,
    );
  });

  it("says so: an archive without pictures", async () => {
    const manifest = {
      name: "t",
      task: "classification",
      inputs: [{ to: 0, from: "image" }],
      splits: { test: "deflate.zip" },
    };
    await expect(
      readDatasetFiles(parseManifest(JSON.stringify(manifest)), openFolder(file("zip-valid"))),
    ).rejects.toThrow("it has index.js");
  });
});
