import { loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { openFolder } from "#engine/runtime/dataset-files.ts";
import { mnistFiles } from "#engine/testing/mnist.ts";

const [trainImages, trainLabels, testImages, testLabels] = mnistFiles;

/** The given train split with 5,000 of its items kept apart to choose by, and the given test split. */
const manifest = parseManifest(
  JSON.stringify({
    name: "mnist",
    task: "classification",
    splits: {
      train: { images: trainImages, labels: trainLabels },
      tuning: 5_000 / 60_000,
      test: { images: testImages, labels: testLabels },
    },
    inputs: [{ to: 0, from: "images", shape: [1, 28, 28], layout: "NCHW", dtype: "float32", scale: 1 / 255 }],
    label: { from: "labels", classes: Array.from({ length: 10 }, (_, digit) => digit) },
  }),
);

/** @param folder with the files of MNIST */
export function mnistSplits(folder: string, splits: readonly SplitName[]) {
  return loadDataset(manifest, openFolder(folder), { splits });
}
