import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run bench:engine [-- STEP…]`: seconds, memory and speed-up of every technique on a transformer of 110 million
 * parameters, beside the time that the system takes to copy the same file. Prints a table and writes
 * docs/results/bench-engine.{md,json}. Each compression is a process of its own; runs alternate with copies.
 */
await stage("dependencies", install);
const { benchTechniques, defaultRecipes } = await import("../bench/techniques.ts");
const { bertBase, transformerModel } = await import("../bench/transformer-model.ts");
const { encodeModel } = await import("#engine/onnx/encode.ts");
const { writeFileAtomically } = await import("#engine/runtime/files.ts");

const folder = mkdtempSync(join(tmpdir(), "parsimony-bench-engine-"));
try {
  const model = join(folder, "transformer.onnx");
  await stage("model", async () => {
    await writeFileAtomically(model, encodeModel(transformerModel(bertBase)));
    return { said: `${(statSync(model).size / 1e6).toFixed(0)} MB`, value: undefined };
  });
  const chosen = process.argv.slice(2);
  const recipes = defaultRecipes().filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  const report = await benchTechniques(model, folder, recipes, (line) => process.stdout.write(`${line}\n`));
  const about = {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
  };
  if (chosen.length === 0) {
    const target = join(root, "docs/results");
    mkdirSync(target, { recursive: true });
    writeFileSync(
      join(target, "bench-engine.json"),
      `${JSON.stringify({ ...about, ...report.data }, null, 2)}\n`,
    );
    const machine = `${about.cores} cores, ${about.cpu}, Node ${about.node}, ${about.at.slice(0, 10)}`;
    writeFileSync(join(target, "bench-engine.md"), report.markdown(machine));
  }
  process.stdout.write(`\n${report.markdown("this run")}\n`);
} catch (error) {
  explain(error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
