import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type CompressResult, compressModel, notApplicableReason } from "#engine/compress.ts";
import { decodeDeep } from "#engine/deep/decode.ts";
import { encodeDeep } from "#engine/deep/encode.ts";
import { EngineError } from "#engine/error.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { needsData } from "#engine/passes/index.ts";
import type { Pool } from "#engine/passes/pool.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { readFile, writeFileAtomically } from "#engine/runtime/files.ts";
import { ThreadPool } from "#engine/runtime/pool.ts";
import { calibrationOf, loadExecutable } from "#engine/runtime/tools.ts";
import { writeModel } from "#engine/runtime/write-model.ts";
import type { Command } from "./command.ts";
import { type ModelFigures, modelFigures } from "./figures.ts";
import { atPath, isDeepName, type LoadedModel, loadModel } from "./load.ts";
import { byteSize, count, percent, printJson, section, table } from "./print.ts";
import { Progress } from "./progress.ts";
import { loadRecipe } from "./recipe.ts";
import { parseCommand, UsageError } from "./usage.ts";

export const command: Command = async (args) => {
  const { model: path, values } = parseCommand("compress", args, {
    recipe: { type: "string" },
    data: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const { recipe: chosen, out, data } = values;
  if (chosen === undefined)
    throw new UsageError("compress needs --recipe: the name of a recipe or a recipe file");
  if (out === undefined) throw new UsageError("compress needs --out: the file to write");
  await checkTarget(out);
  const recipe = await loadRecipe(chosen);
  using loaded = await loadModel(path);
  await atPath(path, async () => validateModel(loaded.model));
  const dataset = data === undefined ? undefined : await calibrationData(data, recipe);
  await using pool = new ThreadPool();
  using progress = new Progress();
  const result = await atPath(path, () =>
    compressModel(loaded.model, recipe, {
      onProgress: (fraction, step) => progress.show(fraction, step),
      now: () => performance.now(),
      tools: { pool, load: loadExecutable, ...(dataset && { calibration: calibrationOf(dataset) }) },
    }),
  );
  // Before the output is written, which may take the place of the input.
  progress.show(0, "sizes of the original");
  const original = await modelFigures(loaded, loaded.deepBytes);
  progress.show(0.5, "writing, and sizes of the result");
  const written = await atPath(out, () => writeOutput(out, loaded, result, original, pool));
  progress.clear();
  const warnings = [...result.warnings];
  if (data !== undefined && dataset === undefined)
    warnings.push("--data is not used: no step of this recipe needs data");
  if (values.json) {
    printJson({
      outcome: result.outcome,
      original,
      model: written,
      steps: result.steps,
      warnings,
    });
  } else {
    process.stdout.write(render(out, result, original, written, warnings));
  }
};

/** The dataset where a step wants to see it: only what may be looked at is read, never the test split. */
async function calibrationData(path: string, recipe: Recipe): Promise<Dataset | undefined> {
  if (!recipe.steps.some((step) => needsData(step))) return undefined;
  return await atPath(path, async () => loadDatasetFrom(path, { splits: ["calibration", "train"] }));
}

/** Writes the ONNX file or the deep form, and tells of what stands there now. */
async function writeOutput(
  out: string,
  loaded: LoadedModel,
  result: CompressResult,
  original: ModelFigures,
  pool: Pool,
): Promise<ModelFigures> {
  if (isDeepName(out)) {
    await writeFileAtomically(out, provenDeep(joinChunks(await outputChunks(loaded, result))));
    using deep = await loadModel(out);
    return await modelFigures(deep, deep.deepBytes);
  }
  // The very bytes of the file, where nothing changed (unless external data moves into it).
  const isUntouched = result.model === loaded.model && loaded.externalBytes === 0;
  if (isUntouched) {
    await writeFileAtomically(out, await fileChunks(loaded));
    return original;
  }
  await writeModel(out, result.model, pool);
  using written = await loadModel(out);
  return await modelFigures(written);
}

/** The deep form of an ONNX file, after a proof that it gives the file back. */
function provenDeep(file: Uint8Array): Uint8Array[] {
  const deep = encodeDeep(file);
  if (Buffer.compare(decodeDeep(joinChunks(deep)), file) !== 0) {
    throw new Error("The deep form does not give the model back");
  }
  return deep;
}

async function outputChunks(loaded: LoadedModel, result: CompressResult): Promise<Uint8Array[]> {
  const isUntouched = result.model === loaded.model && loaded.externalBytes === 0;
  return isUntouched ? await fileChunks(loaded) : encodeModel(result.model);
}

async function fileChunks({ path, bytes }: LoadedModel): Promise<Uint8Array[]> {
  return [await readFile(path, bytes)];
}

/** Fails before minutes of work rather than after. */
async function checkTarget(out: string): Promise<void> {
  const folder = await stat(dirname(resolve(out))).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new EngineError("file-failed", "The folder for --out does not exist", out);
  const present = await stat(out).catch(() => undefined);
  if (present !== undefined && !present.isFile()) {
    throw new EngineError("file-failed", "--out names something that is not a file", out);
  }
}

type Row = (name: string, from: number, to: number, show: (value: number) => string) => string[];

const figureRow: Row = (name, from, to, show) => [
  name,
  show(from),
  show(to),
  from === 0 ? "" : `${(((to - from) / from) * 100).toFixed(1)} %`,
];

function deepRow(before: ModelFigures, after: ModelFigures): string[] {
  if (before.encodedBytes !== undefined && after.encodedBytes !== undefined)
    return figureRow("deep form", before.encodedBytes, after.encodedBytes, byteSize);
  const cell = (bytes: number | undefined) => (bytes === undefined ? "none, 2 GiB or more" : byteSize(bytes));
  return ["deep form", cell(before.encodedBytes), cell(after.encodedBytes), ""];
}

function render(
  out: string,
  result: CompressResult,
  before: ModelFigures,
  after: ModelFigures,
  warnings: readonly string[],
): string {
  const headline =
    result.outcome === "compressed"
      ? `wrote ${out}`
      : `${notApplicableReason(result)}; ${out} is the unchanged model`;
  const parts = [
    `${headline}\n`,
    table([
      ["", "original", "written", "change"],
      figureRow("file", before.bytes, after.bytes, byteSize),
      figureRow("gzip", before.gzipBytes, after.gzipBytes, byteSize),
      deepRow(before, after),
      figureRow("parameters", before.parameters, after.parameters, count),
      ["zeros", percent(before.sparsity), percent(after.sparsity), ""],
    ]),
    section(
      "steps",
      result.steps.map(({ use, seconds, changed, skipped }) => [
        use,
        `${count(changed.length)} changed`,
        `${count(skipped.length)} left alone`,
        seconds === undefined ? "" : `${seconds.toFixed(2)} s`,
      ]),
    ),
    section(
      "warnings",
      warnings.map((warning) => [warning]),
    ),
  ];
  return parts.filter((part) => part !== "").join("\n");
}
