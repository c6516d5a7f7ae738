import { indexModel } from "#engine/graph/index.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { say } from "#engine/say.ts";
import type { Pass } from "./pass.ts";
import { defaultNormalizedThreshold, type PruneNormalizedOptions } from "./prune.normalized.schema.ts";
import { prunableWeights } from "./prune-magnitude/weights.ts";
import { countPruned, PruningReport, unknownNames } from "./pruning/report.ts";

/**
 * Pruning by a threshold that is relative to each tensor: of a tensor with the statistic m every weight with
 * |w| / m below the threshold becomes zero, in float64. m is the largest magnitude, the Euclidean norm, or the
 * standard deviation; the last is the rule of Han et al., "Learning both Weights and Connections for Efficient Neural
 * Networks" (arXiv 1506.02626), where the threshold is a quality parameter times the deviation of a layer's weights.
 */
export const pruneNormalized: Pass<PruneNormalizedOptions> = (model, options, context) => {
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, options.protect);
  const report = new PruningReport(skipped, unknownNames(unknown));
  const threshold = options.threshold ?? defaultNormalizedThreshold;
  weights.forEach((weight, at) => {
    const floats = readFloats(weight.tensor);
    const statistic = statistics[options.by](floats);
    if (statistic === 0) report.skip(weight, say(`prune-normalized.${zeros[options.by]}`));
    else if (!Number.isFinite(statistic)) report.skip(weight, say("prune-normalized.notFinite"));
    else {
      const values = floats.map((value) => (Math.abs(value) / statistic < threshold ? 0 : value));
      const pruned = countPruned(floats, values);
      report.add(weight, pruned, say("pruning.aboveThreshold"));
      if (pruned.zeros === values.length) {
        report.warn(say("prune-normalized.nothingLeft", { name: weight.value.name }));
      }
    }
    context.onProgress((at + 1) / weights.length);
  });
  return report.finish(index);
};

/** What is said where the statistic is zero. */
const zeros = { max: "zeroMax", l2: "zeroNorm", std: "zeroDeviation" } as const;

type Statistic = (values: Float32Array) => number;

/** All in float64; NaN or infinite where a value is. */
export const statistics: Record<PruneNormalizedOptions["by"], Statistic> = {
  max: (values) => {
    let largest = 0;
    // Math.max hands NaN on, as it should.
    for (let at = 0; at < values.length; at++) largest = Math.max(largest, Math.abs(values[at] ?? 0));
    return largest;
  },
  l2: (values) => {
    let squares = 0;
    for (let at = 0; at < values.length; at++) squares += (values[at] ?? 0) ** 2;
    return Math.sqrt(squares);
  },
  /** √(Σ (w − w̄)² / n), about the mean, which is taken in a pass of its own: squares minus a square cancel. */
  std: (values) => {
    let sum = 0;
    for (let at = 0; at < values.length; at++) sum += values[at] ?? 0;
    const mean = sum / values.length;
    let squares = 0;
    for (let at = 0; at < values.length; at++) squares += ((values[at] ?? 0) - mean) ** 2;
    return Math.sqrt(squares / values.length);
  },
};
