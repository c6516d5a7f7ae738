import { indexModel } from "#engine/graph/index.ts";
import { say } from "#engine/say.ts";
import type { AsyncPass } from "./pass.ts";
import { float32Bytes } from "./pieces.ts";
import { defaultSparsity, type PruneMagnitudeOptions } from "./prune.magnitude.schema.ts";
import { prunedBelow } from "./prune-magnitude/below.ts";
import { Magnitudes } from "./prune-magnitude/magnitudes.ts";
import { thresholdBits } from "./prune-magnitude/select.ts";
import { sharedThreshold } from "./prune-magnitude/shared-threshold.ts";
import { type PrunableWeight, prunableWeights } from "./prune-magnitude/weights.ts";
import { PruningReport, unknownNames } from "./pruning/report.ts";

export { zerosWarning } from "./pruning/report.ts";

interface Candidate {
  readonly weight: PrunableWeight;
  readonly magnitudes: Magnitudes;
  /** Magnitude bits below which a value becomes zero. */
  threshold: number;
}

/**
 * Magnitude pruning without retraining. Of n weights (all together, or per tensor) the k = max(round(n·(1 − s)), 1)
 * largest stay, where s is the sparsity: a weight stays if its magnitude is at least the k-th largest (the mask rule
 * of the TensorFlow Model Optimization Toolkit, `pruning_impl.py`; round half to even), so that equal magnitudes share
 * one fate. Weights that `layers` names get a sparsity of their own and stand outside of the ranking of the others. Biases
 * and the parameters of normalisation are never touched.
 */
export const pruneMagnitude: AsyncPass<PruneMagnitudeOptions> = async (model, options, context) => {
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, options.protect);
  const candidates = weights.map(
    (weight): Candidate => ({
      weight,
      magnitudes: new Magnitudes(float32Bytes(weight.tensor), context.pool),
      threshold: 0,
    }),
  );
  const layers = new Map(Object.entries(options.layers ?? {}));
  const known = new Set([...weights.map(({ value }) => value.name), ...skipped.map(({ name }) => name)]);
  const strange = [...layers.keys()].filter((name) => !known.has(name));
  const mistakes = [
    ...unknownNames(unknown),
    ...strange.map((name) => say("prune-magnitude.unknownLayer", { name })),
  ];
  const report = new PruningReport(skipped, mistakes, context);
  context.onProgress(0.1);
  const isOwn = ({ weight }: Candidate) => layers.has(weight.value.name);
  for (const candidate of candidates.filter(isOwn)) {
    await toSparsity([candidate], layers.get(candidate.weight.value.name) ?? 0);
  }
  await chooseThresholds(
    candidates.filter((candidate) => !isOwn(candidate)),
    options,
  );
  context.onProgress(0.5);
  for (const [at, candidate] of candidates.entries()) {
    const { weight, magnitudes, threshold } = candidate;
    const pruned = await prunedBelow(weight.tensor, magnitudes, threshold);
    report.add(weight, pruned, say("pruning.aboveThreshold"));
    context.onProgress(0.5 + (0.5 * (at + 1)) / candidates.length);
  }
  return report.finish(index);
};

async function chooseThresholds(
  candidates: readonly Candidate[],
  options: PruneMagnitudeOptions,
): Promise<void> {
  if (candidates.length === 0) return;
  if (options.threshold !== undefined) {
    const threshold = thresholdBits(options.threshold);
    for (const candidate of candidates) candidate.threshold = threshold;
    return;
  }
  const groups = options.scope === "global" ? [candidates] : candidates.map((candidate) => [candidate]);
  for (const group of groups) await toSparsity(group, options.sparsity ?? defaultSparsity);
}

/** The threshold at which the share `sparsity` of all weights of the group becomes zero. */
async function toSparsity(group: readonly Candidate[], sparsity: number): Promise<void> {
  const threshold = await sharedThreshold(
    group.map(({ magnitudes }) => magnitudes),
    sparsity,
  );
  for (const candidate of group) candidate.threshold = threshold;
}
