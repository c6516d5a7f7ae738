import type { Dataset } from "../evaluate/dataset/dataset.ts";
import { type FeedBatch, makeFeeds } from "../evaluate/dataset/feeds.ts";
import { seededInputCount } from "../evaluate/fidelity/input-count.ts";
import { assessFidelity, type FidelityReport } from "../evaluate/fidelity/report.ts";
import type { Conditions } from "../evaluate/measurement.schema.ts";
import { isFloat } from "../evaluate/tensors/elements.ts";
import { scoreOutput } from "../evaluate/tensors/item-outputs.ts";
import { elementCount } from "../evaluate/tensors/tensor.ts";
import { runBatches } from "./predict.ts";
import { runnableFeeds } from "./runnable-feeds.ts";
import type { ModelSession } from "./session.ts";

/** Items of an unlabelled dataset that the two models are compared on. */
const datasetItems = 512;

export interface FidelityTask {
  readonly original: ModelSession;
  readonly variant: ModelSession;
  /** Multiply-accumulates of one run of the original, where they are known: small models are run on more inputs. */
  readonly macs: number | null;
  /** Its items are better inputs than made-up ones. */
  readonly dataset?: Dataset | undefined;
  /** Exclusive upper bounds of index inputs, see `indexBounds`. */
  readonly bounds: ReadonlyMap<string, number>;
  readonly seed: number;
  readonly conditions: Conditions;
  readonly onProgress?: (share: number) => void;
}

/**
 * How close a variant's outputs are to the original's, on items of a dataset or on seeded inputs that fit the
 * signature, where no labels tell how good either is.
 *
 * @throws EngineError "runtime-refused" where a model fails, "data-mismatch" where outputs do not correspond
 */
export async function compareFidelity(task: FidelityTask): Promise<FidelityReport> {
  const { batches, inputs } = await inputsFor(task);
  const items = batches.reduce((sum, batch) => sum + batch.rows.length, 0);
  const run = (session: ModelSession, from: number) =>
    runBatches(session, batches, { onProgress: (done) => task.onProgress?.(from + done / items / 2) });
  const original = await run(task.original, 0);
  const variant = await run(task.variant, 0.5);
  const { conditions, seed } = task;
  return assessFidelity({
    original,
    variant,
    conditions,
    inputs,
    seed,
    output: leadOutput(task.original),
  });
}

async function inputsFor(task: FidelityTask): Promise<{ batches: FeedBatch[]; inputs: string }> {
  const { original, dataset, bounds, seed } = task;
  if (dataset) {
    const { test, tuning, train } = dataset.splits;
    const all = [test, tuning, train].find((rows) => rows.length > 0) ?? train;
    const batches = [...makeFeeds(dataset, original.signature, all.slice(0, datasetItems), 32)];
    return { batches, inputs: "items of the dataset without labels" };
  }
  const items = await inputCount(task);
  const batches = await runnableFeeds(original, { items, seed, bounds });
  return { batches, inputs: `made-up inputs, seed ${seed}` };
}

/** More inputs where the model is small, by what one run of it takes in, gives out and computes. */
async function inputCount({ original, macs, seed, bounds }: FidelityTask): Promise<number> {
  const [first] = await runnableFeeds(original, { seed, bounds, items: 1 });
  if (!first) return seededInputCount({ macs, elements: 0 });
  const tensors = [...Object.values(first.feeds), ...Object.values(await original.run(first.feeds))];
  const elements = tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  return seededInputCount({ macs, elements });
}

/** The output whose fidelity is measured: the scores as for labelled data, or else the first of any numbers. */
function leadOutput({ signature }: ModelSession): string | undefined {
  return signature.outputs.some(({ dtype }) => isFloat(dtype))
    ? scoreOutput(signature, undefined)
    : undefined;
}
