import { indexModel } from "#engine/graph/index.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { bytesOf } from "#engine/onnx/lazy.ts";
import { say } from "#engine/say.ts";
import { MappedBytes } from "./mapped-bytes.ts";
import type { AsyncPass } from "./pass.ts";
import { float32Bytes, floatsOf, isLarge } from "./pieces.ts";
import { defaultSparsity, type PruneMagnitudeOptions } from "./prune.magnitude.schema.ts";
import { Magnitudes, sharedThreshold } from "./prune-magnitude/counting.ts";
import { type Pruned, thresholdBits, zeroBelow } from "./prune-magnitude/select.ts";
import { type PrunableWeight, prunableWeights } from "./prune-magnitude/weights.ts";
import { zerosBelow } from "./prune-magnitude/zeros.ts";
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
  const report = new PruningReport(skipped, [
    ...unknownNames(unknown),
    ...strange.map((name) => say("prune-magnitude.unknownLayer", { name })),
  ]);
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
    report.add(candidate.weight, await pruned(candidate), say("pruning.aboveThreshold"));
    context.onProgress(0.5 + (0.5 * (at + 1)) / candidates.length);
  }
  return report.finish(index);
};

/** A large float32 tensor keeps its values where they are until the result is written. */
async function pruned({ weight, magnitudes, threshold }: Candidate): Promise<Pruned> {
  const { bytes } = magnitudes;
  if (weight.tensor.dataType !== dtypes.float32.code || !isLarge(bytes))
    return zeroBelow(floatsOf(bytesOf(bytes)), threshold);
  const zerosBefore = await magnitudes.zeros();
  const zeros = Math.max(zerosBefore, await magnitudes.below(threshold));
  return { values: new MappedBytes(zerosBelow, bytes, { threshold }), zeros, zerosBefore };
}

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
