import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, root } from "../lib/install.ts";
import { stage } from "../lib/stage.ts";

/**
 * `npm run bench:train`: milliseconds of a training step (forward, backward, Adam) of four networks, next to
 * TensorFlow.js, one thread each, in turns. With PARSIMONY_TORCH set to a Python that has PyTorch, that is timed in the
 * same run. Writes docs/results/bench-train.{md,json}.
 */
await stage("dependencies", install);
const { benchNetwork, trainSection } = await import("../bench/train/bench.ts");
const { machineText, thisMachine } = await import("../bench/machine.ts");
const { networks } = await import("../bench/train/networks.ts");

const torch = process.env.PARSIMONY_TORCH || undefined;
const reports = [];
for (const [at, { name }] of networks.entries()) {
  reports.push(
    await stage(name, async () => {
      const report = await benchNetwork(at, torch);
      const said = report.times.map(({ library, median }) => `${library} ${median.toFixed(2)} ms`).join(", ");
      return { said, value: report };
    }),
  );
}
const about = thisMachine();
const text = [
  "# What a training step costs",
  "",
  `Made by \`npm run bench:train\` (${machineText(about)}). Milliseconds of a step – forward, backward and Adam on one batch – with one thread: the middle of all steps, and their 10th and 90th percentile, and how many times ours the others take. The libraries take turns in processes of their own, seven rounds each, of which the first two warm up. TensorFlow.js's wasm backend lacks the gradients of convolution kernels and of looking rows up: those two are ours, made of its own products and of a plain loop (\`bin/bench/train/tensorflow-gradients.ts\`).`,
  "",
  trainSection(reports),
  "",
].join("\n");
const target = join(root, "docs/results");
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "bench-train.md"), text);
writeFileSync(join(target, "bench-train.json"), `${JSON.stringify({ ...about, reports }, null, 2)}\n`);
process.stdout.write(`${text}\n`);
