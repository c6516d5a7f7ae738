import type { Measured } from "#contracts/measurement.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { type FeedBatch, makeFeeds } from "#engine/evaluate/dataset/feeds.ts";
import { seededInputCount } from "#engine/evaluate/fidelity/input-count.ts";
import { assessFidelity } from "#engine/evaluate/fidelity/report.ts";
import { isFloat } from "#engine/evaluate/tensors/elements.ts";
import { scoreOutput } from "#engine/evaluate/tensors/item-outputs.ts";
import { elementCount } from "#engine/evaluate/tensors/tensor.ts";
import { runBatches } from "#engine/runtime/predict.ts";
import { runnableFeeds } from "#engine/runtime/runnable-feeds.ts";
import { runtimeVersion } from "#engine/runtime/session.ts";
import { tell } from "../parent.ts";
import { engineVersion } from "../version.ts";
import { splitOf } from "./quality.ts";
import type { Subject } from "./subject.ts";

/** Items of an unlabelled dataset that the two models are compared on. */
const datasetItems = 512;

export interface FidelityTask {
  readonly original: Subject;
  readonly variant: Subject;
  /** Without labels; its items are better inputs than made-up ones. */
  readonly dataset: Dataset | undefined;
  readonly bounds: ReadonlyMap<string, number>;
  readonly seed: number;
  readonly onProgress: (share: number) => void;
}

async function inputs({
  original,
  dataset,
  bounds,
  seed,
}: FidelityTask): Promise<{ batches: FeedBatch[]; said: string }> {
  if (dataset) {
    const split = splitOf(dataset);
    const all = dataset.splits[split].length > 0 ? dataset.splits[split] : dataset.splits.train;
    const batches = [...makeFeeds(dataset, original.session.signature, all.slice(0, datasetItems), 32)];
    return { batches, said: `items of the dataset without labels` };
  }
  const items = await inputCount(original, { seed, bounds });
  const batches = await runnableFeeds(original.session, { items, seed, bounds });
  return { batches, said: `made-up inputs, seed ${seed}` };
}

/** More inputs where the model is small, by what one run of it takes in, gives out and computes. */
async function inputCount(
  { session, inspection }: Subject,
  options: Pick<FidelityTask, "seed" | "bounds">,
): Promise<number> {
  const [first] = await runnableFeeds(session, { ...options, items: 1 });
  if (!first) return seededInputCount({ macs: inspection.macs, elements: 0 });
  const tensors = [...Object.values(first.feeds), ...Object.values(await session.run(first.feeds))];
  const elements = tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  return seededInputCount({ macs: inspection.macs, elements });
}

/** The output whose fidelity is measured: the scores as for labelled data, or else the first of any numbers. */
function leadOutput({ session }: Subject): string | undefined {
  return session.signature.outputs.some(({ dtype }) => isFloat(dtype))
    ? scoreOutput(session.signature, undefined)
    : undefined;
}

/** How close the variant's outputs are to the original's, where no labels tell how good either is. */
export async function fidelity(task: FidelityTask): Promise<Measured[]> {
  const { batches, said } = await inputs(task);
  const items = batches.reduce((sum, batch) => sum + batch.rows.length, 0);
  const run = (subject: Subject, from: number) =>
    runBatches(subject.session, batches, { onProgress: (done) => task.onProgress(from + done / items / 2) });
  const original = await run(task.original, 0);
  const variant = await run(task.variant, 0.5);
  const conditions = { engineVersion, runtime: "onnxruntime-node", runtimeVersion };
  const report = assessFidelity({
    original,
    variant,
    conditions,
    inputs: said,
    seed: task.seed,
    output: leadOutput(task.original),
  });
  for (const alarm of report.alarms) tell(`The compressed model: ${alarm}`, "warn");
  return report.measurements.map((measurement) => ({
    ...measurement,
    qualityKey: null,
    performanceKey: null,
    detail: report.alarms.length > 0 ? { alarms: [...report.alarms] } : null,
  }));
}
