import type { Model } from "#engine/onnx/model.ts";
import { nothingBeside, openModel } from "#engine/runtime/model-file.ts";

/** Opens a model of the store. Its file stays open until this process ends, which does one task. */
export function readModel(path: string): { model: Model; bytes: number } {
  const { model, bytes } = openModel(path, nothingBeside);
  return { model, bytes };
}
