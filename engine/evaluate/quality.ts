import { EngineError } from "#engine/error.ts";
import type { Dataset } from "./dataset/dataset.ts";
import type { SplitName } from "./dataset/manifest.schema.ts";
import { type Circumstances, measured } from "./measurement/build.ts";
import type { MeasurementName } from "./measurement/names.ts";
import type { Conditions, Measurement } from "./measurement.schema.ts";
import { type ClassificationResult, scoreClassification } from "./metrics/classification.ts";
import {
  compareMeans,
  compareShares,
  estimateMean,
  estimateShare,
  type MeanStatistic,
} from "./metrics/compare.ts";
import { type ClassRecall, recallPerClass } from "./metrics/per-class.ts";
import { scoreRanking } from "./metrics/ranking.ts";
import { scoreRegression } from "./metrics/regression.ts";
import { asScores, detectScoreKind, type Scores } from "./metrics/scores.ts";
import type { ItemOutputs } from "./tensors/item-outputs.ts";

export interface QualityInput {
  readonly dataset: Dataset;
  readonly split: SplitName;
  /** The rows that were run, in order. */
  readonly rows: Uint32Array;
  readonly candidate: ItemOutputs;
  /** The baseline's outputs on the same rows; left out when the candidate is the baseline. */
  readonly baseline?: ItemOutputs;
  readonly conditions: Conditions;
  /** Of the bootstrap. */
  readonly seed: number;
}

export interface QualityReport {
  readonly measurements: readonly Measurement[];
  /** Classification only. */
  readonly perClass: readonly ClassRecall[];
  /** Items whose correctness differs from the baseline's, the first of each direction. */
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement {
  /** Row in the dataset's table. */
  readonly row: number;
  readonly label: number;
  readonly baseline: number;
  readonly candidate: number;
  readonly change: "gained" | "lost";
}

const disagreementsPerDirection = 20;

/**
 * Measures a model on labelled items, against its baseline on the same items where there is one: top-1 and loss
 * for classification; RMSE and MAE for regression; RMSE and NDCG@10 for ranking.
 *
 * @throws EngineError "data-mismatch" where the dataset has no label or the outputs do not fit it
 */
export function assessQuality(input: QualityInput): QualityReport {
  const { labels, manifest } = input.dataset;
  if (labels === undefined) {
    throw new EngineError("data-mismatch", `The dataset "${manifest.name}" has no label; quality needs one`);
  }
  for (const outputs of [input.candidate, input.baseline]) {
    if (outputs !== undefined && outputs.items !== input.rows.length) {
      throw new EngineError("data-mismatch", `${outputs.items} outputs for ${input.rows.length} items`);
    }
  }
  if (labels.kind === "class") return classification(input, labels.values, labels.names.length);
  return values(input, labels.values, labels.groups);
}

function circumstances(input: QualityInput, method: string): Circumstances {
  const { split, conditions } = input;
  return { split, tier: "metered", method, scope: "process", conditions };
}

function classification(input: QualityInput, allLabels: Int32Array, classes: number): QualityReport {
  const labels = Int32Array.from(input.rows, (row) => allLabels[row]!);
  const candidateScores = asScores(input.candidate, classes);
  const baselineScores = input.baseline && asScores(input.baseline, classes);
  const kind = detectScoreKind(baselineScores ?? candidateScores);
  const after = scoreClassification(candidateScores, labels, kind);
  const before = baselineScores && scoreClassification(baselineScores, labels, kind);
  const top1 = estimateShare(after.correct);
  const against = before && {
    value: estimateShare(before.correct).value,
    difference: compareShares(before.correct, after.correct),
  };
  const method = "share of items whose largest score is the label";
  const loss = means(
    "quality/loss",
    input,
    after.loss,
    before?.loss,
    "mean",
    `mean cross-entropy from ${kind}`,
  );
  return {
    measurements: [measured("quality/top1", top1, circumstances(input, method), against), loss].filter(
      (measurement) => measurement !== undefined,
    ),
    perClass: recallPerClass(labels, after.correct, before?.correct),
    disagreements: before === undefined ? [] : disagreements(input.rows, labels, before, after),
  };
}

function means(
  name: MeasurementName,
  input: QualityInput,
  after: Float64Array,
  before: Float64Array | undefined,
  statistic: MeanStatistic,
  method: string,
): Measurement | undefined {
  const { seed } = input;
  const estimate = estimateMean(after, statistic, seed);
  const baseline = before && {
    value: estimateMean(before, statistic, seed).value,
    difference: compareMeans(before, after, statistic, seed),
  };
  return measured(name, estimate, circumstances(input, method), baseline);
}

function values(
  input: QualityInput,
  allTargets: Float64Array,
  allGroups: Int32Array | undefined,
): QualityReport {
  const targets = Float64Array.from(input.rows, (row) => allTargets[row]!);
  const scores = (outputs: ItemOutputs): Scores => {
    const taken = asScores(outputs);
    if (taken.width === 1) return taken;
    const message = `A model for this task gives one value per item; this output has ${taken.width}`;
    throw new EngineError("data-mismatch", message);
  };
  const [one, other] = [scores(input.candidate), input.baseline && scores(input.baseline)];
  const after = scoreRegression(one, targets);
  const before = other && scoreRegression(other, targets);
  const list = [
    means("quality/rmse", input, after.squared, before?.squared, "rootMean", "root mean squared error"),
    means("quality/mae", input, after.absolute, before?.absolute, "mean", "mean absolute error"),
  ];
  if (allGroups !== undefined) {
    const groups = Int32Array.from(input.rows, (row) => allGroups[row]!);
    const ranked = scoreRanking(one.values, targets, groups).ndcg;
    const rankedBefore = other && scoreRanking(other.values, targets, groups).ndcg;
    const method = "NDCG@10, gain 2^r − 1, ties averaged, mean over lists with differing relevance";
    list.push(means("quality/ndcg10", input, ranked, rankedBefore, "mean", method));
  }
  return {
    measurements: list.filter((measurement) => measurement !== undefined),
    perClass: [],
    disagreements: [],
  };
}

function disagreements(
  rows: Uint32Array,
  labels: Int32Array,
  before: ClassificationResult,
  after: ClassificationResult,
): Disagreement[] {
  const found: Record<Disagreement["change"], Disagreement[]> = { gained: [], lost: [] };
  for (let item = 0; item < rows.length; item++) {
    if (before.correct[item] === after.correct[item]) continue;
    const change = after.correct[item] === 1 ? "gained" : "lost";
    if (found[change].length >= disagreementsPerDirection) continue;
    found[change].push({
      row: rows[item]!,
      label: labels[item]!,
      baseline: before.predicted[item]!,
      candidate: after.predicted[item]!,
      change,
    });
  }
  return [...found.lost, ...found.gained];
}
