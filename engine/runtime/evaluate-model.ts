import { english } from "../english.ts";
import { type Dataset, rowsOf } from "../evaluate/dataset/dataset.ts";
import { sampleFeeds } from "../evaluate/dataset/feeds.ts";
import type { SplitName } from "../evaluate/dataset/manifest.schema.ts";
import { indexBounds } from "../evaluate/fidelity/index-bounds.ts";
import type { Conditions, Measurement } from "../evaluate/measurement.schema.ts";
import { type ModelSize, sizeMeasurements } from "../evaluate/size.ts";
import { inspectModel } from "../inspect.ts";
import { compareFidelity } from "./compare-fidelity.ts";
import { evaluateQuality } from "./evaluate-quality.ts";
import { quickProtocol } from "./latency-protocol.ts";
import { measurePerformance } from "./measure-performance.ts";
import { modelSize, type SizedFile } from "./model-size.ts";
import { runnableFeeds } from "./runnable-feeds.ts";
import { loadSession, type ModelSession, runtimeVersion } from "./session.ts";

export interface EvaluationOptions {
  readonly candidate: SizedFile;
  /** The original: what the differences are from. */
  readonly against?: SizedFile | undefined;
  readonly dataset?: Dataset | undefined;
  /** Time, memory, energy and throughput too: alone on this host, a quarter of a minute at least. */
  readonly performance: boolean;
  readonly engineVersion: string;
  readonly seed: number;
  readonly onProgress?: (stage: string, share: number) => void;
  readonly onWarning?: (warning: string) => void;
}

/**
 * Measures a model: its size, its quality on labelled data, or its fidelity to the original where there are no labels,
 * and on demand its speed.
 *
 * @throws EngineError where a model does not run or the data does not fit it
 */
export async function evaluateModel(options: EvaluationOptions): Promise<Measurement[]> {
  const { candidate, against, dataset, engineVersion, seed, onProgress } = options;
  const conditions: Conditions = { engineVersion, runtime: "onnxruntime-node", runtimeVersion };
  onProgress?.("sizes", 0);
  const [own, other] = await Promise.all([sizeOf(candidate), against && sizeOf(against)]);
  const sizes = sizeMeasurements(own, { engineVersion }, other);
  const session = await loadSession(candidate.path);
  const original = against && (await loadSession(against.path));
  const judged = await judge(options, session, original, conditions);
  await session.release();
  await original?.release();
  if (!options.performance) return [...sizes, ...judged];
  const bounds = indexBounds((against ?? candidate).model.graph);
  const report = await measurePerformance({
    candidate: candidate.path,
    ...(against && { baseline: against.path }),
    feeds: (loaded, batch) => feedsFor(loaded, batch, { dataset, bounds, seed }),
    protocol: quickProtocol,
    engineVersion,
    seed,
    bounds,
    label: "the command line",
    onProgress: (stage, share) => onProgress?.(stage, share),
  });
  if (report.meterReason !== undefined)
    options.onWarning?.(`Energy is modelled from CPU seconds: ${english(report.meterReason)}`);
  return [...sizes, ...judged, ...report.measurements];
}

async function judge(
  { candidate, against, dataset, seed, onProgress, onWarning }: EvaluationOptions,
  session: ModelSession,
  original: ModelSession | undefined,
  conditions: Conditions,
): Promise<readonly Measurement[]> {
  if (dataset?.labels !== undefined) {
    const report = await evaluateQuality({
      candidate: session,
      ...(original && { baseline: original }),
      dataset,
      split: judgedSplit(dataset),
      conditions,
      seed,
      onProgress: (share) => onProgress?.("quality", share),
    });
    return report.measurements;
  }
  if (against === undefined || original === undefined) return [];
  const report = await compareFidelity({
    original,
    variant: session,
    macs: inspectModel(against.model, { bytes: against.bytes }).macs,
    dataset,
    bounds: indexBounds(against.model.graph),
    seed,
    conditions,
    onProgress: (share) => onProgress?.("fidelity", share),
  });
  for (const alarm of report.alarms) onWarning?.(`${candidate.path}: ${english(alarm)}`);
  return report.measurements;
}

/** Test items, or where there are none the tuning items: whichever it is, every value names its split. */
function judgedSplit(dataset: Dataset): SplitName {
  const split = dataset.splits.test.length === 0 && dataset.splits.tuning.length > 0 ? "tuning" : "test";
  rowsOf(dataset, split);
  return split;
}

async function sizeOf(file: SizedFile): Promise<ModelSize> {
  return await modelSize(file, inspectModel(file.model, { bytes: file.bytes }));
}

async function feedsFor(
  session: ModelSession,
  batch: number,
  {
    dataset,
    bounds,
    seed,
  }: { dataset: Dataset | undefined; bounds: ReadonlyMap<string, number>; seed: number },
) {
  if (dataset)
    return sampleFeeds(dataset, session.signature, rowsOf(dataset, judgedSplit(dataset)), 32, batch);
  const made = await runnableFeeds(session, { items: 8, seed, batch, bounds });
  return { feeds: made.map((one) => one.feeds), size: made[0]?.size ?? 1 };
}
