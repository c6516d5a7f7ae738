import type { Measured } from "#contracts/measurement.ts";
import { preprocessingOf, qualityKey } from "#engine/evaluate/comparability.ts";
import { type Dataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { ClassRecall } from "#engine/evaluate/metrics/per-class.ts";
import { asScores, detectScoreKind, predictedClass } from "#engine/evaluate/metrics/scores.ts";
import { assessQuality } from "#engine/evaluate/quality.ts";
import { type ItemOutputs, scoreOutput } from "#engine/evaluate/tensors/item-outputs.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { sha256Hex } from "#engine/runtime/hash.ts";
import { predict } from "#engine/runtime/predict.ts";
import { runtimeVersion } from "#engine/runtime/session.ts";
import { say } from "../parent.ts";
import type { Subject, Subjects } from "./subject.ts";

/** Test items, or where there are none the tuning items: whichever it is, every value names its split. */
export function splitOf(dataset: Dataset): SplitName {
  return dataset.splits.test.length === 0 && dataset.splits.tuning.length > 0 ? "tuning" : "test";
}

export interface QualityTask {
  readonly subjects: Subjects;
  readonly dataset: Dataset;
  readonly digest: string;
  readonly seed: number;
  readonly onProgress: (share: number) => void;
}

/**
 * Quality on labelled items. The baseline is run on the same items here, and not read from its own run: the pairing is
 * then exact, whatever machine either run was given to, and no run waits for another.
 */
export async function quality({
  subjects,
  dataset,
  digest,
  seed,
  onProgress,
}: QualityTask): Promise<Measured[]> {
  const split = splitOf(dataset);
  const rows = rowsOf(dataset, split);
  const { candidate, baseline } = subjects;
  const models = baseline ? 2 : 1;
  const run = async ({ session }: Subject, before: number): Promise<ItemOutputs> => {
    const name = scoreOutput(session.signature, dataset.manifest.label?.output);
    const report = (done: number) => onProgress((before + done / rows.length) / models);
    const outputs = await predict(session, dataset, rows, { outputs: [name], onProgress: report });
    return outputs.get(name) ?? { items: 0, itemDims: [], values: new Float32Array() };
  };
  const before = baseline && (await run(baseline, 0));
  const after = await run(candidate, models - 1);
  const conditions = { engineVersion, runtime: "onnxruntime-node", runtimeVersion };
  const report = assessQuality({
    dataset,
    split,
    rows,
    candidate: after,
    baseline: before,
    conditions,
    seed,
  });
  sayExamples(dataset, split, rows, after, before);
  const { manifest } = dataset;
  const key = qualityKey(
    { task: manifest.task, dataset: digest, split, preprocessing: preprocessingOf(manifest) },
    sha256Hex,
  );
  return report.measurements.map((measurement) => ({
    ...measurement,
    qualityKey: key,
    performanceKey: null,
    detail: measurement.name === "quality/top1" ? { perClass: report.perClass.map(classDetail) } : null,
  }));
}

function classDetail({ class: label, recall, change }: ClassRecall) {
  const { value, n } = recall;
  const bounds = change && {
    value: change.value,
    low: change.interval?.low ?? null,
    high: change.interval?.high ?? null,
  };
  return { class: label, recall: value, n, change: bounds ?? null };
}

/** What the model says of each item, for looking at those that it gets wrong. */
function sayExamples(
  dataset: Dataset,
  split: SplitName,
  rows: Uint32Array,
  after: ItemOutputs,
  before: ItemOutputs | undefined,
): void {
  const { labels } = dataset;
  if (labels?.kind !== "class") return;
  const scores = asScores(after);
  // Decided on the baseline, as the metric does: a quantised softmax must not flip it.
  const kind = detectScoreKind(before ? asScores(before) : scores);
  say({
    kind: "examples",
    split,
    items: Int32Array.from(rows),
    labels: Int32Array.from(rows, (row) => labels.values[row] ?? -1),
    predictions: Int32Array.from(rows, (_, item) => predictedClass(scores, item, kind)),
  });
}
