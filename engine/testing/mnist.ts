import { parseManifest } from "../evaluate/dataset/manifest.ts";

const splits = {
  train: { images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" },
  test: { images: "t10k-images-idx3-ubyte.gz", labels: "t10k-labels-idx1-ubyte.gz" },
};

export const mnistFiles: readonly string[] = Object.values(splits).flatMap((split) => Object.values(split));

/** MNIST's files as the models of the shared data take them: images [28, 28, 1] from 0 to 1. */
export const mnistManifest = parseManifest(
  JSON.stringify({
    name: "mnist",
    task: "classification",
    splits,
    inputs: [{ to: 0, from: "images", shape: [28, 28, 1], dtype: "float32", scale: 1 / 255 }],
    label: { from: "labels" },
  }),
);
