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
    "no-sizes": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const withSizes = !values["no-sizes"];
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
  progress.show(0, withSizes ? "sizes of the original" : "writing");
  const original = await modelFigures(loaded, withSizes, loaded.deepBytes);
  progress.show(0.5, withSizes ? "writing, and sizes of the result" : "writing");
  const written = await atPath(out, async () => {
    if (await writeOutput(out, loaded, result, pool)) return original;
    using file = await loadModel(out);
    return await modelFigures(file, withSizes, file.deepBytes);
  });
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

/**
 * Writes the ONNX file or the deep form.
 *
 * @returns whether the file has the very bytes of the original
 */
async function writeOutput(
  out: string,
  loaded: LoadedModel,
  result: CompressResult,
  pool: Pool,
): Promise<boolean> {
  // Where nothing changed, unless external data moves into it.
  const isUntouched = result.model === loaded.model && loaded.externalBytes === 0;
  if (isDeepName(out)) {
    const file = isUntouched
      ? await readFile(loaded.path, loaded.bytes)
      : joinChunks(encodeModel(result.model));
    await writeFileAtomically(out, provenDeep(file));
    return false;
  }
  if (isUntouched) await writeFileAtomically(out, [await readFile(loaded.path, loaded.bytes)]);
  else await writeModel(out, result.model, pool);
  return isUntouched;
}

/** The deep form of an ONNX file, after a proof that it gives the file back. */
function provenDeep(file: Uint8Array): Uint8Array[] {
  const deep = encodeDeep(file);
  if (Buffer.compare(decodeDeep(joinChunks(deep)), file) !== 0) {
    throw new Error("The deep form does not give the model back");
  }
  return deep;
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

function row(
  name: string,
  from: number | undefined,
  to: number | undefined,
  show: (value: number) => string,
): string[][] {
  if (from === undefined && to === undefined) return [];
  const cell = (value: number | undefined) => (value === undefined ? "none: 2 GiB or more" : show(value));
  const change =
    from === undefined || to === undefined || from === 0
      ? ""
      : `${(((to - from) / from) * 100).toFixed(1)} %`;
  return [[name, cell(from), cell(to), change]];
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
      ...row("file", before.bytes, after.bytes, byteSize),
      ...row("gzip", before.gzipBytes, after.gzipBytes, byteSize),
      ...row("deep form", before.encodedBytes, after.encodedBytes, byteSize),
      ...row("parameters", before.parameters, after.parameters, count),
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
