import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { encodeLazily } from "../onnx/encode.ts";
import type { Model } from "../onnx/model.ts";
import { mostInOneFile, splitModel, storedBytes } from "../onnx/split.ts";
import { inlinePool, type Pool } from "../passes/pool.ts";
import { writeFileAtomically } from "./files.ts";

/**
 * Writes a model as a file that appears when it is complete; where one file cannot hold it, with its weights in
 * `<file>.data` beside it.
 *
 * @returns the file of the weights, where there is one
 * @throws EngineError "file-failed"; nothing half written stays
 */
export async function writeModel(
  path: string,
  model: Model,
  pool: Pool = inlinePool,
  mostBytes: number = mostInOneFile,
): Promise<string | undefined> {
  if (storedBytes(model) <= mostBytes) {
    await writeFileAtomically(path, encodeLazily(model), pool);
    return undefined;
  }
  const dataPath = `${path}.data`;
  const { model: graph, data } = splitModel(model, basename(dataPath));
  await writeFileAtomically(dataPath, data, pool);
  try {
    await writeFileAtomically(path, encodeLazily(graph), pool);
  } catch (error) {
    await rm(dataPath, { force: true });
    throw error;
  }
  return dataPath;
}
