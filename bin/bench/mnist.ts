import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { mnistFiles, mnistManifest } from "#engine/testing/mnist.ts";
import { sharedData } from "#engine/testing/shared.ts";

/** Puts a manifest for the files of MNIST, which have none of their own, into a folder; undefined where they are absent. */
export function mnistDataset(folder: string): string | undefined {
  const images = sharedData("data/datasets/mnist/t10k-images-idx3-ubyte.gz");
  if (images === undefined) return undefined;
  const source = resolve(images, "..");
  for (const name of mnistFiles) symlinkSync(join(source, name), join(folder, name));
  const path = join(folder, "dataset.json");
  writeFileSync(path, JSON.stringify(mnistManifest));
  return path;
}
