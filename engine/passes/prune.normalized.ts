import { indexModel } from "#engine/graph/index.ts";
import { say } from "#engine/say.ts";
import type { AsyncPass } from "./pass.ts";
import { float32Bytes } from "./pieces.ts";
import { defaultNormalizedThreshold, type PruneNormalizedOptions } from "./prune.normalized.schema.ts";
import { prunedBelow } from "./prune-magnitude/below.ts";
import { Magnitudes } from "./prune-magnitude/magnitudes.ts";
import { prunableWeights } from "./prune-magnitude/weights.ts";
import { type Moments, momentsOfBytes } from "./prune-normalized/moments.ts";
import { absoluteThreshold } from "./prune-normalized/threshold.ts";
import { PruningReport, unknownNames } from "./pruning/report.ts";

/**
 * Pruning by a threshold that is relative to each tensor: of a tensor with the statistic m every weight with
 * |w| / m below the threshold becomes zero, in float64. m is the largest magnitude, the Euclidean norm, or the
 * standard deviation; the last is the rule of Han et al., "Learning both Weights and Connections for Efficient Neural
 * Networks" (arXiv 1506.02626), where the threshold is a quality parameter times the deviation of a layer's weights.
 */
export const pruneNormalized: AsyncPass<PruneNormalizedOptions> = async (model, options, context) => {
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, options.protect);
  const report = new PruningReport(skipped, unknownNames(unknown), context);
  const threshold = options.threshold ?? defaultNormalizedThreshold;
  for (const [at, weight] of weights.entries()) {
    const bytes = float32Bytes(weight.tensor);
    const statistic = statistics[options.by](await momentsOfBytes(context.pool, bytes));
    if (statistic === 0) report.skip(weight, say(`prune-normalized.${zeros[options.by]}`));
    else if (!Number.isFinite(statistic)) report.skip(weight, say("prune-normalized.notFinite"));
    else {
      const magnitudes = new Magnitudes(bytes, context.pool);
      const pruned = await prunedBelow(weight.tensor, magnitudes, absoluteThreshold(statistic, threshold));
      report.add(weight, pruned, say("pruning.aboveThreshold"));
      if (pruned.zeros === magnitudes.count) {
        report.warn(say("prune-normalized.nothingLeft", { name: weight.value.name }));
      }
    }
    context.onProgress((at + 1) / weights.length);
  }
  return report.finish(index);
};

/** What is said where the statistic is zero. */
const zeros = { max: "zeroMax", l2: "zeroNorm", std: "zeroDeviation" } as const;

/** NaN or infinite where a value is. The deviation is that of all values, √(Σ (w − w̄)² / n). */
export const statistics: Record<PruneNormalizedOptions["by"], (moments: Moments) => number> = {
  max: ({ largest }) => largest,
  l2: ({ squares }) => Math.sqrt(squares),
  std: ({ spread, count }) => Math.sqrt(spread / count),
};
