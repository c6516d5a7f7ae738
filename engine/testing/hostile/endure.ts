import { compressModel } from "#engine/compress.ts";
import { EngineError } from "#engine/error.ts";
import { modelProblems, validateModel } from "#engine/graph/validate.ts";
import { inspectModel } from "#engine/inspect.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { stepNames, stepSchema } from "#engine/passes/step.schema.ts";
import { recipeSchema } from "#engine/recipe.schema.ts";
import { refusingTools } from "./tools.ts";
import { trainingFor } from "./training.ts";

/** Milliseconds of processor time that one file may take at each stage: other load of the machine does not count. */
export const timeAllowed = 2_000;
/** What tests insist on: a processor that others use too takes several times as long for the same work. */
export const timeOnSharedProcessor = 4 * timeAllowed;

/** The techniques that work without options of their own, with their defaults. */
export const endurableSteps = stepNames.filter((use) => stepSchema.safeParse({ use }).success);

export interface Endured {
  /** Per stage: "ok", or the code of the error. */
  readonly outcomes: Record<string, string>;
  readonly slowest: { readonly stage: string; readonly milliseconds: number };
}

/**
 * Takes a model through everything that is done to an uploaded file: written, read, validated, inspected, compressed by
 * every technique, the result validated. Techniques get it even where validation refuses it. Those that calibrate find
 * data, but a runtime that refuses every graph.
 *
 * @throws whatever is not an EngineError, with the stage, where validation does not say what is wrong where, and where a
 *   technique makes an invalid model of a valid one
 */
export async function endure(model: Model): Promise<Endured> {
  const outcomes: Record<string, string> = {};
  let slowest = { stage: "", milliseconds: 0 };
  const stage = async <T>(name: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    const started = process.cpuUsage();
    try {
      const result = await work();
      outcomes[name] = "ok";
      return result;
    } catch (error) {
      if (!(error instanceof EngineError) || error.message === "") {
        throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
      outcomes[name] = error.code;
      return undefined;
    } finally {
      const { user, system } = process.cpuUsage(started);
      const milliseconds = (user + system) / 1000;
      if (milliseconds > slowest.milliseconds) slowest = { stage: name, milliseconds };
    }
  };
  const bytes = await stage("encode", () => joinChunks(encodeModel(model)));
  const read = bytes && (await stage("decode", () => decodeModel(bytes)));
  if (bytes === undefined || read === undefined) return { outcomes, slowest };
  await stage("validate", () => validateModel(read));
  for (const { place, message } of modelProblems(read)) {
    if (place === undefined) throw new Error(`Validation does not say where: ${message}`);
  }
  await stage("inspect", () => inspectModel(read, { bytes: bytes.length }));
  const training = trainingFor(read);
  const tools = { ...refusingTools, ...(training && { training }) };
  for (const use of endurableSteps) {
    const recipe = recipeSchema.parse({ name: "endure", steps: [{ use }] });
    const made = await stage(use, () => compressModel(read, recipe, { tools }));
    if (made?.outcome !== "compressed" || outcomes.validate !== "ok") continue;
    await stage(`${use}, again`, () => {
      const written = joinChunks(encodeModel(made.model));
      validateModel(decodeModel(written));
    });
    if (outcomes[`${use}, again`] !== "ok") throw new Error(`${use} made an invalid model of a valid one`);
  }
  return { outcomes, slowest };
}
