import { loadExternalData } from "#engine/onnx/external.ts";
import type { Model } from "#engine/onnx/model.ts";
import { openModel } from "#engine/runtime/model-file.ts";

/** Files stand in the store under their hashes, so nothing is beside a model. */
const nothingBeside = { open: async () => undefined };

/** Opens a model of the store. Its file stays open until this process ends, which does one task. */
export async function readModel(path: string): Promise<{ model: Model; bytes: number }> {
  const { model, bytes } = openModel(path);
  await loadExternalData(model, nothingBeside);
  return { model, bytes };
}
