import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { networks } from "./networks.ts";
import { reproduce } from "./reproduce.ts";

const images = sharedData("data/datasets/mnist/train-images-idx3-ubyte.gz");
const [network] = networks;

/** One short seed of the table: a tenth of the items, a few epochs. */
const training = (use: string, epochs: number, more = "") =>
  `  - use: ${use}\n    epochs: ${epochs}\n    batch_size: 32\n${more}`;
const baseline = `name: short baseline\nsteps:\n${training("train.finetune", 4)}`;
const recipe = [
  "name: short\nsteps:\n",
  training("train.prune", 6, "    sparsity: 0.9\n    every: 50\n"),
  "  - use: cluster.kmeans\n    clusters: 16\n",
  training("train.finetune", 1, "    learning_rate: 0.0001\n"),
].join("");

it.skipIf(images === undefined)(
  "a short seed of Deep Compression shrinks forty-fold and stays good",
  { timeout: 240_000 },
  async () => {
    if (images === undefined || network === undefined) return;
    const cache = mkdtempSync(join(tmpdir(), "parsimony-short-"));
    try {
      const mnist = dirname(images);
      const short = { network, seed: 1, baseline, recipe, mnist, trainItems: 6_000, testItems: 2_000, cache };
      const { score } = await reproduce(short);
      expect(score.testItems).toBe(2_000);
      expect((4 * network.parameters) / score.deepBytes).toBeGreaterThan(35);
      expect(score.baselineErrors / score.testItems).toBeLessThan(0.1);
      expect(score.errors - score.baselineErrors).toBeLessThan(40);
      expect(score.sparsity).toBeGreaterThan(0.89);
      expect(score.weights.arithmetic).toBeLessThan(score.weights.huffman);
      // What is finished is not done again, and gives the same file.
      const again = await reproduce(short);
      expect(again.score).toEqual(score);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  },
);
