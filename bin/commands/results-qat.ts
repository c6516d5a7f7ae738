import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, root } from "../lib/install.ts";
import { stage } from "../lib/stage.ts";

/**
 * `npm run results:qat [-- SUBJECT…]`: float32, static quantisation with its best calibration, and quantisation-aware
 * training from there, on images, texts and ratings, five seeds each. What a seed gave is kept in .cache/results-qat, so
 * that a run that was interrupted goes on; remove that folder to measure anew. With `--kept` nothing is measured: the report
 * is that of what is kept. Writes docs/results/qat.{md,json}; with names of subjects it prints their report alone.
 */
await stage("dependencies", install);
const { machineText, thisMachine } = await import("../bench/machine.ts");
const { subjectSection } = await import("../bench/qat/report.ts");
const { runSeed, seedResultSchema } = await import("../bench/qat/seed.ts");
const { subjects } = await import("../bench/qat/subjects.ts");

const seeds = [1, 2, 3, 4, 5];
const given = process.argv.slice(2);
const measures = !given.includes("--kept");
const wanted = given.filter((name) => name !== "--kept");
const kept = join(root, ".cache/results-qat");
mkdirSync(kept, { recursive: true });
const sections: string[] = [];
const all: unknown[] = [];
for (const subject of subjects) {
  if (wanted.length > 0 && !wanted.includes(subject.name)) continue;
  const results = [];
  for (const seed of seeds) {
    const path = join(kept, `${subject.name}-${seed}.json`);
    if (existsSync(path)) {
      results.push(seedResultSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
      continue;
    }
    if (!measures) continue;
    const began = performance.now();
    const result = await runSeed(subject, seed);
    if (result === undefined) break;
    writeFileSync(path, JSON.stringify(result));
    process.stdout.write(
      `  ${subject.name}, seed ${seed}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
    );
    results.push(result);
  }
  if (results.length === 0) continue;
  sections.push(subjectSection(subject, results));
  all.push(...results);
}
const about = thisMachine();
const text = [
  "# Quantisation-aware training",
  "",
  `Made by \`npm run results:qat\` (${machineText(about)}). Networks of the catalogue, trained in float32, then as 8-bit integers (QDQ, uint8 activations, int8 weights): by \`quantize.static\` with that of its four calibrations which is best on the tuning split, and by \`train.qat\` from the same calibration. Means over the seeds, of which weights, order of the batches and, for made-up or mixed data, the items follow; differences are paired by seed, with intervals of 95 % by Student's t. The test split is looked at once for each model that is reported, as ONNX Runtime executes it. "Start kept": no epoch was better on the tuning split than static quantisation, so that \`train.qat\` gave that, calibrated on items of its own draw. \`train.qat\` trains further than the float32 model was, so that a part of what it wins may be that.`,
  "",
  ...sections,
].join("\n");
if (wanted.length > 0) process.stdout.write(`\n${text}`);
else {
  writeFileSync(join(root, "docs/results/qat.md"), text);
  writeFileSync(
    join(root, "docs/results/qat.json"),
    `${JSON.stringify({ ...about, results: all }, null, 2)}\n`,
  );
}
