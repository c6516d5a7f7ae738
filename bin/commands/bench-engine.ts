import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run bench:engine [-- STEP…]`: seconds, memory and speed-up of every technique on a transformer of 110 million
 * parameters and on small models, beside the time that the system takes to copy the same file; calibration beside plain
 * inference; and our models beside those of ONNX Runtime's own quantiser. Writes docs/results/bench-engine.{md,json};
 * with names of techniques it takes those alone, and the transformer alone, and prints the report. Each compression is a
 * process of its own; runs alternate with copies.
 */
await stage("dependencies", install);
const { benchCalibrated, calibratedSection } = await import("../bench/calibrated.ts");
const { benchGolden, goldenSection } = await import("../bench/golden-speed.ts");
const { machineText, thisMachine } = await import("../bench/machine.ts");
const { mnistDataset } = await import("../bench/mnist.ts");
const { benchTechniques, defaultRecipes, techniquesLegend, techniquesSection } = await import(
  "../bench/techniques.ts"
);
const { bertBase, transformerModel } = await import("../bench/transformer-model.ts");
const { encodeModel } = await import("#engine/onnx/encode.ts");
const { writeFileAtomically } = await import("#engine/runtime/files.ts");
const { sharedData } = await import("#engine/testing/shared.ts");

const folder = mkdtempSync(join(tmpdir(), "parsimony-bench-engine-"));
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  const model = join(folder, "transformer.onnx");
  await stage("model", async () => {
    await writeFileAtomically(model, encodeModel(transformerModel(bertBase)));
    return { said: `${(statSync(model).size / 1e6).toFixed(0)} MB`, value: undefined };
  });
  const chosen = process.argv.slice(2);
  const recipes = defaultRecipes().filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  const transformer = {
    title: "A transformer of the shape of BERT-base, random weights",
    path: model,
    symbolic: 128,
  };
  const reports = [await benchTechniques(transformer, folder, recipes, say)];
  if (chosen.length > 0) say(`\n${reports.map(techniquesSection).join("\n")}`);
  else {
    const data = mnistDataset(folder);
    const cnn = sharedData("data/onnx/mnist/cnn_max_mninst2.onnx");
    const small = [
      {
        title: "A small transformer (torch_transformer)",
        path: sharedData("data/torch/torch_transformer.onnx"),
      },
      {
        title: "A small convolutional network (torch_cnn_bn)",
        path: sharedData("data/torch/torch_cnn_bn.onnx"),
      },
      { title: "A digit classifier with data (cnn_max_mninst2)", path: cnn, data },
    ];
    for (const { path, ...about } of small) {
      if (path !== undefined) reports.push(await benchTechniques({ ...about, path }, folder, recipes, say));
    }
    const calibrated = cnn && data ? await benchCalibrated(cnn, data, folder, recipes) : [];
    const golden = await benchGolden(folder);
    const about = thisMachine();
    const text = [
      "# What the techniques cost",
      "",
      `Made by \`npm run bench:engine\` (${machineText(about)}). ${techniquesLegend}`,
      "",
      ...reports.map(techniquesSection),
      calibratedSection("cnn_max_mninst2", calibrated),
      goldenSection(golden),
    ].join("\n");
    const target = join(root, "docs/results");
    mkdirSync(target, { recursive: true });
    const named = reports.map(({ subject: { title, symbolic }, ...rest }) => ({ title, symbolic, ...rest }));
    const result = { ...about, reports: named, calibrated, golden };
    writeFileSync(join(target, "bench-engine.json"), `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(join(target, "bench-engine.md"), text);
    say(`\n${text}`);
  }
} catch (error) {
  explain(error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
