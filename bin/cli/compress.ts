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
import type { Recipe } from "#engine/recipe.schema.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { writeFileAtomically } from "#engine/runtime/files.ts";
import { ThreadPool } from "#engine/runtime/pool.ts";
import { calibrationOf, loadExecutable } from "#engine/runtime/tools.ts";
import type { Command } from "./command.ts";
import { type ModelFigures, modelFigures } from "./figures.ts";
import { atPath, encodedBytesOf, isDeepName, type LoadedModel, loadModel } from "./load.ts";
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
  const loaded = await loadModel(path);
  await atPath(path, async () => validateModel(loaded.model));
  const dataset = data === undefined ? undefined : await calibrationData(data, recipe);
  await using pool = new ThreadPool();
  const progress = new Progress();
  const result = await atPath(path, async () => {
    try {
      return await compressModel(loaded.model, recipe, {
        onProgress: (fraction, step) => progress.show(fraction, step),
        now: () => performance.now(),
        tools: { pool, load: loadExecutable, ...(dataset && { calibration: calibrationOf(dataset) }) },
      });
    } finally {
      progress.clear();
    }
  });
  const chunks = outputChunks(loaded, result);
  const deep = await atPath(out, async () => deepForm(chunks));
  await writeFileAtomically(out, isDeepName(out) ? deep : chunks);
  const original = await modelFigures(
    loaded.model,
    [loaded.file],
    loaded.externalBytes,
    isUntouched(loaded, result) ? sizeOf(deep) : encodedBytesOf(loaded),
  );
  const written = await modelFigures(result.model, chunks, 0, sizeOf(deep));
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

/** Where nothing changed, the very bytes of the file (unless external data had to move into it). */
function outputChunks(loaded: LoadedModel, result: CompressResult): Uint8Array[] {
  return isUntouched(loaded, result) ? [loaded.file] : encodeModel(result.model);
}

function isUntouched(loaded: LoadedModel, result: CompressResult): boolean {
  return result.model === loaded.model && loaded.externalBytes === 0;
}

/** The deep form of an ONNX file, after a proof that it gives the file back. */
function deepForm(chunks: readonly Uint8Array[]): Uint8Array[] {
  const file = joinChunks(chunks);
  const deep = encodeDeep(file);
  if (Buffer.compare(decodeDeep(joinChunks(deep)), file) !== 0) {
    throw new Error("The deep form does not give the model back");
  }
  return deep;
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
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

function render(
  out: string,
  result: CompressResult,
  before: ModelFigures,
  after: ModelFigures,
  warnings: readonly string[],
): string {
  const change = (from: number, to: number) =>
    from === 0 ? "" : `${(((to - from) / from) * 100).toFixed(1)} %`;
  const row = (name: string, from: number, to: number, show: (value: number) => string) => [
    name,
    show(from),
    show(to),
    change(from, to),
  ];
  const headline =
    result.outcome === "compressed"
      ? `wrote ${out}`
      : `${notApplicableReason(result)}; ${out} is the unchanged model`;
  const parts = [
    `${headline}\n`,
    table([
      ["", "original", "written", "change"],
      row("file", before.bytes, after.bytes, byteSize),
      row("gzip", before.gzipBytes, after.gzipBytes, byteSize),
      row("deep form", before.encodedBytes, after.encodedBytes, byteSize),
      row("parameters", before.parameters, after.parameters, count),
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
