import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run results:models [-- PART…]`: every technique on every real model of the shared data beside the checkout, into
 * docs/results/models.md: size, quality or fidelity, latency ratio, or the reason why it does not apply. With parts of
 * names it takes those models alone and prints the report.
 */
await stage("dependencies", install);
const { sharedData } = await import("#engine/testing/shared.ts");
const { realModels } = await import("#engine/passes/testing/real-models.ts");
const { machineText, thisMachine } = await import("../bench/machine.ts");
const { mnistDataset } = await import("../bench/mnist.ts");
const { modelResults, modelSection } = await import("../bench/model-results.ts");
const { defaultRecipes } = await import("../bench/techniques.ts");

const folder = mkdtempSync(join(tmpdir(), "parsimony-results-"));
const started = performance.now();
try {
  const parts = process.argv.slice(2);
  const mnist = mnistDataset(folder);
  const sections: string[] = [];
  for (const { path } of realModels) {
    const found = sharedData(path);
    if (found === undefined || (parts.length > 0 && !parts.some((part) => path.includes(part)))) continue;
    const takesImages = path.startsWith("data/onnx/mnist/");
    const subject = { name: path.replace("data/", ""), path: found, data: takesImages ? mnist : undefined };
    const results = await modelResults(subject, defaultRecipes(), folder);
    const made = results.filter(({ reason }) => reason === "").length;
    process.stdout.write(`  ${subject.name}: ${made} of ${results.length} techniques apply\n`);
    sections.push(modelSection(subject, results));
  }
  const minutes = ((performance.now() - started) / 60_000).toFixed(0);
  const machine = machineText(thisMachine());
  const text = [
    "# Every technique on real models",
    "",
    `Made by \`npm run results:models\` (${machine}; ${minutes} minutes). The models were trained or exported by others; some of them have random or placeholder weights, whose numbers say nothing about accuracy. Each technique runs with its defaults. Sizes are shares of the original's file, of its gzip and of its deep form. "How good" is the accuracy on the test items where the model has labelled data, and else how close the outputs are to the original's on seeded inputs. Latency is the compressed model's over the original's, batch 1, one thread, taken in alternation for two seconds (middle of the ratios, 10th and 90th percentile): below 1 is faster.`,
    "",
    ...sections,
  ].join("\n");
  if (parts.length > 0) process.stdout.write(`\n${text}`);
  else writeFileSync(join(root, "docs/results/models.md"), text);
} catch (error) {
  explain(error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
