import { EngineError } from "#engine/error.ts";
import type { SourceFiles } from "../source.ts";

/**
 * The bytes of the model among the files that were handed over: the only `.tflite` file, or the only file.
 *
 * @throws EngineError "not-a-model" where there is none or more than one
 */
export function readFiles(files: SourceFiles): Uint8Array {
  const models = files.names.filter((name) => name.toLowerCase().endsWith(".tflite"));
  const [first] = models.length > 0 ? models : files.names;
  if (first === undefined) throw new EngineError("not-a-model", "There is no .tflite file");
  if (models.length > 1 || (models.length === 0 && files.names.length > 1))
    throw new EngineError("not-a-model", `There are ${models.length} .tflite files; hand over one`);
  return files.read(first);
}
