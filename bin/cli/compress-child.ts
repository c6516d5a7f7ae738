import { dirname } from "node:path";
import { type CompressResult, compressModel, notApplicableReason } from "#engine/compress.ts";
import { decodeDeep } from "#engine/deep/decode.ts";
import { encodeDeep } from "#engine/deep/encode.ts";
import { english } from "#engine/english.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { reportInEnglish } from "#engine/passes/in-english.ts";
import { splitsFor, usesTeacher } from "#engine/passes/needs.ts";
import type { Pool } from "#engine/passes/pool.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { FileShelf } from "#engine/runtime/file-shelf.ts";
import { readFile, writeFileAtomically } from "#engine/runtime/files.ts";
import { ThreadPool } from "#engine/runtime/pool.ts";
import { dataTools, loadExecutable } from "#engine/runtime/tools.ts";
import { writeModel } from "#engine/runtime/write-model.ts";
import type { Compression, CompressionRequest } from "./compress.ts";
import { modelFigures } from "./figures.ts";
import { atPath, isDeepName, type LoadedModel, loadModel } from "./load.ts";
import { serve } from "./serve.ts";
import { TrainingNotes } from "./training.ts";

/** The process that compresses: steps that look at data, or fold constants, execute the model. */
serve<CompressionRequest, Compression>(async ({ path, recipe, out, data, teacher, withSizes }, report) => {
  using loaded = await loadModel(path);
  await atPath(path, async () => validateModel(loaded.model));
  const dataset = data === undefined ? undefined : await neededData(data, recipe);
  const notes = new TrainingNotes();
  using taught = teacher !== undefined && usesTeacher(recipe.steps) ? await loadModel(teacher) : null;
  if (taught) await atPath(taught.path, async () => validateModel(taught.model));
  const extras = { forStep: notes.forStep, ...(taught && { teacher: taught.model }) };
  await using pool = new ThreadPool();
  using shelf = new FileShelf(dirname(out));
  const result = await atPath(path, () =>
    compressModel(loaded.model, recipe, {
      onProgress: (fraction, step) => report(notes.stage(step), fraction),
      now: () => performance.now(),
      tools: { pool, shelf, load: loadExecutable, ...(dataset && dataTools(dataset, recipe, extras)) },
    }),
  );
  // Before the output is written, which may take the place of the input.
  report(withSizes ? "sizes of the original" : "writing", 0);
  const original = await modelFigures(loaded, withSizes, loaded.deepBytes);
  report(withSizes ? "writing, and sizes of the result" : "writing", 0.5);
  const model = await atPath(out, async () => {
    if (await writeOutput(out, loaded, result, pool)) return original;
    using file = await loadModel(out);
    return await modelFigures(file, withSizes, file.deepBytes);
  });
  const { outcome } = result;
  const steps = result.steps.map((step, at) => {
    const history = notes.historyOf(at);
    return { ...step, ...reportInEnglish(step), ...(history && { history }) };
  });
  const warnings = result.warnings.map(english);
  if (data !== undefined && dataset === undefined)
    warnings.push("--data is not used: no step of this recipe needs data");
  if (teacher !== undefined && taught === null)
    warnings.push("--teacher is not used: no step of this recipe learns from another model");
  const why = notApplicableReason(result);
  return { outcome, reason: why === undefined ? "" : english(why), original, model, steps, warnings };
});

/** The dataset where a step wants to see it: only what may be looked at is read, never the test split. */
async function neededData(path: string, recipe: Recipe): Promise<Dataset | undefined> {
  const splits = splitsFor(recipe.steps);
  if (splits.length === 0) return undefined;
  return await atPath(path, () => loadDatasetFrom(path, { splits }));
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
