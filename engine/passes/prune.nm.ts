import { indexModel } from "#engine/graph/index.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { inFlight } from "./in-flight.ts";
import type { AsyncPass } from "./pass.ts";
import { float32Bytes, handedOver } from "./pieces.ts";
import type { PruneNmOptions } from "./prune.nm.schema.ts";
import type { Pruned } from "./prune-magnitude/select.ts";
import { type PrunableWeight, prunableWeights } from "./prune-magnitude/weights.ts";
import { keepLargest } from "./prune-nm/task.ts";
import type { Lines } from "./pruning/lines.ts";
import { reductionLines } from "./pruning/reduction.ts";
import { PruningReport, unknownNames } from "./pruning/report.ts";

/**
 * n:m sparsity by magnitude, without retraining: of every m consecutive weights along the axis that the operator sums
 * over, at most n are not zero (Zhou et al., "Learning N:M Fine-grained Structured Sparse Neural Networks From
 * Scratch", arXiv 2102.04010; the axes are those of `reductionOf`, the groups those of `keepPerGroup`). It is the
 * pattern that sparse tensor cores of NVIDIA's graphics processors use with 2:4; ONNX Runtime's kernels for
 * processors do not use it.
 */
export const pruneNm: AsyncPass<PruneNmOptions> = async (model, options, context) => {
  const { n, m, protect } = options;
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, protect);
  const report = new PruningReport(skipped, unknownNames(unknown), context);
  const made = new Map<PrunableWeight, { pruned: Pruned; lines: Lines } | EngineRemark>();
  await inFlight(weights, context.pool.size, async (weight) => {
    const lines = reductionLines(weight);
    if (isRemark(lines)) made.set(weight, lines);
    else {
      const { bytes, transfer } = handedOver(float32Bytes(weight.tensor));
      const pruned = await context.pool.run(keepLargest, { bytes, lines, n, m }, transfer);
      made.set(weight, { pruned: report.shelve(weight, pruned), lines });
    }
    context.onProgress(made.size / weights.length);
  });
  for (const weight of weights) {
    const result = made.get(weight);
    if (isRemark(result)) report.skip(weight, result);
    else if (result !== undefined) {
      const { pruned, lines } = result;
      report.add(weight, pruned, say("prune-nm.noGroup", { inputs: lines.length, n }));
    }
  }
  return report.finish(index);
};
