import { decodeModel } from "#engine/onnx/decode.ts";
import { loadExternalData } from "#engine/onnx/external.ts";
import type { Model } from "#engine/onnx/model.ts";
import { readFile } from "#engine/runtime/files.ts";

/** A larger model keeps its weights in a second file, and one file is what was uploaded. */
export const maxModelBytes = 2 ** 31 - 1;

/** Files stand in the store under their hashes, so nothing is beside a model. */
const nothingBeside = { open: async () => undefined };

/** Reads a model of the store whole. */
export async function readModel(path: string): Promise<{ model: Model; bytes: number }> {
  const content = await readFile(path, maxModelBytes);
  const model = decodeModel(content);
  await loadExternalData(model, nothingBeside);
  return { model, bytes: content.length };
}
