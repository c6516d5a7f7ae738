import type { ReferenceModel } from "../../formats/reference.ts";
import type { SourceFiles } from "../../formats/source.ts";
import { loadTensorFlowModel } from "../tfjs-model.ts";

/** A TensorFlow.js model as TensorFlow.js executes it. Its inputs and outputs have the names that a conversion gives them. */
export async function openTensorFlowJs(files: SourceFiles): Promise<ReferenceModel> {
  const model = await loadTensorFlowModel(files);
  return {
    name: model.runtime,
    run: async (feeds) => model.run(feeds),
    release: async () => model.release(),
  };
}
