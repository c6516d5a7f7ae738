import { type Dataset, rowsOf } from "../evaluate/dataset/dataset.ts";
import type { SplitName } from "../evaluate/dataset/manifest.schema.ts";
import type { Conditions } from "../evaluate/measurement.schema.ts";
import { assessQuality, type QualityReport } from "../evaluate/quality.ts";
import { type ItemOutputs, scoreOutput } from "../evaluate/tensors/item-outputs.ts";
import { predict } from "./predict.ts";
import type { ModelSession } from "./session.ts";

export interface QualityOptions {
  readonly candidate: ModelSession;
  /** Left out when the candidate is the baseline. */
  readonly baseline?: ModelSession;
  readonly dataset: Dataset;
  readonly split: SplitName;
  readonly conditions: Conditions;
  readonly seed: number;
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Share of the work done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Runs a model, and its baseline, on a split and measures quality; see `assessQuality`. */
export async function evaluateQuality(options: QualityOptions): Promise<QualityReport> {
  const { dataset, split, conditions, seed, onProgress } = options;
  const rows = rowsOf(dataset, split);
  const models = options.baseline === undefined ? 1 : 2;
  const run = async (session: ModelSession, before: number): Promise<ItemOutputs> => {
    const name = scoreOutput(session.signature, dataset.manifest.label?.output);
    const outputs = await predict(session, dataset, rows, {
      outputs: [name],
      batchSize: options.batchSize,
      signal: options.signal,
      onProgress: (done) => onProgress?.((before + done / rows.length) / models),
    });
    return outputs.get(name) ?? { items: 0, itemDims: [], values: new Float32Array() };
  };
  const baseline = options.baseline && (await run(options.baseline, 0));
  const candidate = await run(options.candidate, models - 1);
  return assessQuality({ dataset, split, rows, candidate, baseline, conditions, seed });
}
