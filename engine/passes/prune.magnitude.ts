import { indexModel, type Value } from "#engine/graph/index.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { float16Array, roundHalfEven } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { type Change, type Pass, type Skip, wholeModel } from "./pass.ts";
import { defaultSparsity, type PruneMagnitudeOptions } from "./prune.magnitude.schema.ts";
import { replaceWeights } from "./prune-magnitude/replace.ts";
import { bitsOf, kthLargestMagnitude, thresholdBits, zeroBelow } from "./prune-magnitude/select.ts";
import { prunableWeights } from "./prune-magnitude/weights.ts";

export const zerosWarning =
  "Zeros alone neither shrink an uncompressed file nor speed a model up: the gain is in the encoded size.";

interface Candidate {
  readonly value: Value;
  readonly tensor: Tensor;
  readonly floats: Float32Array;
  /** Magnitude bits below which a value becomes zero. */
  threshold: number;
}

/**
 * Magnitude pruning without retraining. Of n weights (all together, or per tensor) the k = max(round(n·(1 − s)), 1)
 * largest stay, where s is the sparsity: a weight stays if its magnitude is at least the k-th largest (the mask rule
 * of the TensorFlow Model Optimization Toolkit, `pruning_impl.py`; round half to even), so that equal magnitudes share
 * one fate. Biases and the parameters of normalisation are never touched.
 */
export const pruneMagnitude: Pass<PruneMagnitudeOptions> = (model, options, context) => {
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, options.protect);
  const warnings = unknown.map(
    (name) => `"protect" names ${JSON.stringify(name)}, which the model does not have`,
  );
  const candidates = weights.map(
    ({ value, tensor }): Candidate => ({ value, tensor, floats: readFloats(tensor), threshold: 0 }),
  );
  context.onProgress(0.1);
  chooseThresholds(candidates, options);
  context.onProgress(0.5);
  const changed: Change[] = [];
  const fresh = new Map<Tensor, Tensor>();
  const total = { weights: 0, zeros: 0 };
  candidates.forEach((candidate, at) => {
    const { values, zeros, zerosBefore } = zeroBelow(candidate.floats, candidate.threshold);
    total.weights += candidate.floats.length;
    total.zeros += zeros;
    if (zeros > zerosBefore) {
      fresh.set(candidate.tensor, prunedTensor(candidate.tensor, values));
      changed.push({ name: candidate.value.name, what: shareText(zeros, candidate.floats.length) });
    } else skipped.push(unchanged(candidate, zeros));
    context.onProgress(0.5 + (0.5 * (at + 1)) / candidates.length);
  });
  if (candidates.length === 0 && skipped.length === 0) {
    skipped.push({
      name: wholeModel,
      reason: "it has no weights of MatMul, Gemm, Conv, LSTM, GRU, RNN or Gather",
    });
  }
  if (changed.length === 0) return { changed, skipped, warnings };
  replaceWeights(index, candidates, fresh);
  changed.unshift({ name: wholeModel, what: shareText(total.zeros, total.weights) });
  return { changed, skipped, warnings: [...warnings, zerosWarning] };
};

function shareText(zeros: number, count: number): string {
  return `${zeros} of ${count} prunable weights are zero (sparsity ${(zeros / count).toFixed(6)})`;
}

function unchanged({ value, floats }: Candidate, zeros: number): Skip {
  const reason =
    zeros > 0 ? "the values to prune are zero already" : "all its values are above the threshold";
  return { name: value.name, reason: `${reason}: ${shareText(zeros, floats.length)}` };
}

function chooseThresholds(candidates: readonly Candidate[], options: PruneMagnitudeOptions): void {
  if (candidates.length === 0) return;
  if (options.threshold !== undefined) {
    const threshold = thresholdBits(options.threshold);
    for (const candidate of candidates) candidate.threshold = threshold;
    return;
  }
  const groups = options.scope === "global" ? [candidates] : candidates.map((candidate) => [candidate]);
  for (const group of groups) {
    const count = group.reduce((sum, { floats }) => sum + floats.length, 0);
    const kept = Math.max(roundHalfEven(count * (1 - (options.sparsity ?? defaultSparsity))), 1);
    const threshold = kthLargestMagnitude(
      group.map(({ floats }) => bitsOf(floats)),
      kept,
    );
    for (const candidate of group) candidate.threshold = threshold;
  }
}

/** A tensor with the new values and everything else of the old one. */
function prunedTensor(tensor: Tensor, values: Float32Array): Tensor {
  const name = tensor.name ?? "";
  const fresh =
    tensor.dataType === dtypes.float16.code
      ? makeTensor(name, "float16", tensor.dims, float16Array(values))
      : makeTensor(name, "float32", tensor.dims, values);
  return { ...fresh, docString: tensor.docString, metadataProps: tensor.metadataProps };
}
