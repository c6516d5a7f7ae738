import type { Conversion, ForeignFormat } from "../../formats/conversion.schema.ts";
import { convertFiles } from "../../formats/index.ts";
import type { SourceFiles } from "../../formats/source.ts";
import { loadSession } from "../session.ts";
import { writeModel } from "../write-model.ts";
import { checkParity } from "./check.ts";
import { openReference } from "./references.ts";

/**
 * Makes an ONNX file of a model of another format, and makes sure that it computes the same as the original does in its
 * own runtime. To be called in a process that may end: it executes both.
 *
 * @param path of the file to be written; its weights stand in it
 * @throws EngineError where the model cannot be read, converted or executed, or where the two differ
 */
export async function convertModel(
  format: ForeignFormat,
  files: SourceFiles,
  path: string,
): Promise<Conversion> {
  const { model, ...made } = await convertFiles(format, files);
  await writeModel(path, model);
  const converted = await loadSession(path);
  try {
    const reference = await openReference(format, files, {
      inputs: converted.signature.inputs.map(({ name }) => name),
      outputs: converted.signature.outputs.map(({ name }) => name),
    });
    try {
      return {
        ...made,
        parity: await checkParity(format, { model, notes: made.notes }, reference, converted),
      };
    } finally {
      await reference.release();
    }
  } finally {
    await converted.release();
  }
}
