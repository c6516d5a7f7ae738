import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run results:deep-compression [-- --network NAME --seed N]`: trains, prunes, clusters and encodes the networks of
 * Deep Compression on MNIST, five seeds each, into docs/results/deep-compression.md. Seeds whose result is kept there are
 * not run again; one that was ended goes on where it was. With a network or a seed, only those are run.
 */
await stage("dependencies", install);
const { sharedData } = await import("#engine/testing/shared.ts");
const { networks, seeds } = await import("../bench/deep-compression/networks.ts");
const { digestOf, keepResult, keptResult, reproduce } = await import(
  "../bench/deep-compression/reproduce.ts"
);
const { introduction, networkSection } = await import("../bench/deep-compression/report.ts");

const { values } = parseArgs({ options: { network: { type: "string" }, seed: { type: "string" } } });
const results = join(root, "docs/results");
const kept = join(results, "deep-compression");
const text = (name: string) => readFileSync(join(kept, `${name}.yaml`), "utf8");

try {
  const images = sharedData("data/datasets/mnist/train-images-idx3-ubyte.gz");
  if (images === undefined) throw new Error("MNIST is not there: it is part of the shared data");
  const baseline = text("baseline");
  const sections: string[] = [];
  for (const network of networks) {
    const recipe = text(network.name);
    const found = [];
    for (const seed of seeds) {
      const path = join(kept, `${network.name}-${seed}.json`);
      const known = keptResult(path, digestOf(baseline, recipe));
      const isWanted =
        (values.network ?? network.name) === network.name && (values.seed ?? String(seed)) === String(seed);
      if (known === undefined && isWanted) {
        const made = await stage(`${network.title}, seed ${seed}`, async () => {
          const value = await reproduce({
            network,
            seed,
            baseline,
            recipe,
            mnist: dirname(images),
            trainItems: 60_000,
            testItems: 10_000,
            cache: join(root, ".cache/deep-compression"),
          });
          const { deepBytes, errors } = value.score;
          return { said: `${deepBytes} bytes, ${errors} errors in 10,000`, value };
        });
        keepResult(path, made);
        found.push(made);
      } else if (known !== undefined) found.push(known);
    }
    if (found.length > 0) sections.push(networkSection(network, recipe, found));
  }
  const report = [introduction(baseline), ...sections].join("\n");
  writeFileSync(join(results, "deep-compression.md"), report);
} catch (error) {
  explain(error);
  process.exitCode = 2;
}
