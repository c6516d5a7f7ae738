import { indexModel } from "#engine/graph/index.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { isRemark, say } from "#engine/say.ts";
import type { Pass } from "./pass.ts";
import type { PruneNmOptions } from "./prune.nm.schema.ts";
import { prunableWeights } from "./prune-magnitude/weights.ts";
import { keepPerGroup, magnitudes } from "./pruning/choose.ts";
import { reductionLines } from "./pruning/reduction.ts";
import { countPruned, PruningReport, unknownNames } from "./pruning/report.ts";

/**
 * n:m sparsity by magnitude, without retraining: of every m consecutive weights along the axis that the operator sums
 * over, at most n are not zero (Zhou et al., "Learning N:M Fine-grained Structured Sparse Neural Networks From
 * Scratch", arXiv 2102.04010; the axes are those of `reductionOf`, the groups those of `keepPerGroup`). It is the
 * pattern that sparse tensor cores of NVIDIA's graphics processors use with 2:4; ONNX Runtime's kernels for
 * processors do not use it.
 */
export const pruneNm: Pass<PruneNmOptions> = (model, options, context) => {
  const { n, m, protect } = options;
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, protect);
  const report = new PruningReport(skipped, unknownNames(unknown));
  weights.forEach((weight, at) => {
    const lines = reductionLines(weight);
    if (isRemark(lines)) report.skip(weight, lines);
    else {
      const values = readFloats(weight.tensor);
      const kept = keepPerGroup({ values, scores: magnitudes(values) }, lines, n, m);
      const none = say("prune-nm.noGroup", { inputs: lines.length, n });
      report.add(weight, countPruned(values, kept), none);
    }
    context.onProgress((at + 1) / weights.length);
  });
  return report.finish(index);
};
