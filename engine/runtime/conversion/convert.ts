import { rename, rm } from "node:fs/promises";
import { EngineError } from "../../error.ts";
import type { Conversion, ForeignFormat } from "../../formats/conversion.schema.ts";
import { convertFiles, type Unchecked } from "../../formats/index.ts";
import type { ParityReport } from "../../formats/parity/report.schema.ts";
import type { SourceFiles } from "../../formats/source.ts";
import { loadSession } from "../session.ts";
import { unfinished } from "../unfinished.ts";
import { writeModel } from "../write-model.ts";
import { checkParity } from "./check.ts";
import { openReference } from "./references.ts";

/**
 * Makes an ONNX file of a model of another format, and makes sure that it computes the same as the original does in its
 * own runtime. To be called in a process that may end: it executes both.
 *
 * @param path of the file to be written, whole and checked or not at all; its weights stand in it
 * @throws EngineError where the model cannot be read, converted or executed, or where the two differ
 */
export async function convertModel(
  format: ForeignFormat,
  files: SourceFiles,
  path: string,
): Promise<Conversion> {
  const { model, ...made } = await convertFiles(format, files);
  // Not under its own name before it is known to be right: that may be the name of an earlier file.
  const unchecked = `${path}.unchecked`;
  unfinished.add(unchecked);
  try {
    const beside = await writeModel(unchecked, model);
    if (beside !== undefined) {
      await rm(beside, { force: true });
      throw new EngineError("limit-exceeded", "The converted model would have 2 GiB or more");
    }
    const parity = await parityOf(format, files, unchecked, { model, notes: made.notes });
    await rename(unchecked, path);
    return { ...made, parity };
  } finally {
    await rm(unchecked, { force: true });
    unfinished.delete(unchecked);
  }
}

async function parityOf(
  format: ForeignFormat,
  files: SourceFiles,
  path: string,
  made: Pick<Unchecked, "model" | "notes">,
): Promise<ParityReport> {
  const converted = await loadSession(path);
  try {
    const reference = await openReference(format, files, {
      inputs: converted.signature.inputs.map(({ name }) => name),
      outputs: converted.signature.outputs.map(({ name }) => name),
    });
    try {
      return await checkParity(format, made, reference, converted);
    } finally {
      await reference.release();
    }
  } finally {
    await converted.release();
  }
}
