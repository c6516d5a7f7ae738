import { loadDataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { assessQuality } from "#engine/evaluate/quality.ts";
import { scoreOutput } from "#engine/evaluate/tensors/item-outputs.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { openFolder } from "#engine/runtime/dataset-files.ts";
import { predict } from "#engine/runtime/predict.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { calibrationOf } from "#engine/runtime/tools.ts";
import { mnistManifest } from "#engine/testing/mnist.ts";

/** MNIST as the models of the shared data take it: calibration items of train, accuracy on test. */
export function loadMnist(folder: string, testItems?: number) {
  const dataset = loadDataset(mnistManifest, openFolder(folder));
  const rows = rowsOf(dataset, "test").slice(0, testItems);
  return {
    calibration: calibrationOf(dataset),
    /** Share of the test items (the first ones, where not all are asked for) that the model classifies correctly. */
    accuracy: async (model: Model): Promise<number> => {
      const session = await loadSession(Buffer.concat(encodeModel(model)));
      try {
        const outputs = await predict(session, dataset, rows);
        const candidate = outputs.get(scoreOutput(session.signature, undefined));
        if (candidate === undefined) throw new Error("no scores");
        const conditions = { engineVersion: "test" };
        const report = assessQuality({ dataset, split: "test", rows, candidate, conditions, seed: 1 });
        const top1 = report.measurements.find(({ name }) => name === "quality/top1");
        if (top1?.value == null) throw new Error("no accuracy");
        return top1.value;
      } finally {
        await session.release();
      }
    },
  };
}
