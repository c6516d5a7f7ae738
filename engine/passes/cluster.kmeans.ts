import { indexModel } from "#engine/graph/index.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { ClusterKmeansOptions } from "./cluster.kmeans.schema.ts";
import { cluster, type TaskOutput } from "./cluster-kmeans/task.ts";
import { type AsyncPass, type Change, type PassContext, wholeModel } from "./pass.ts";
import { type PrunableWeight, prunableWeights } from "./prune-magnitude/weights.ts";
import { replaceTensors } from "./pruning/replace.ts";
import { unknownNames } from "./pruning/report.ts";

export const sharedWarning = say("cluster-kmeans.sharedAlone");

/** Neighbouring streams of random numbers, one for each tensor, lie far apart: 2³² divided by the golden ratio. */
const seedStep = 0x9e37_79b1;

/**
 * Weight sharing without retraining: the values of every weight tensor become those of the nearest of a few
 * centroids, found by k-means in one dimension. The same weights as in pruning: no biases, no normalisation.
 * See docs/engine/cluster.kmeans.md.
 */
export const clusterKmeans: AsyncPass<ClusterKmeansOptions> = async (model, options, context) => {
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, options.protect);
  const warnings = unknownNames(unknown);
  const outputs = await clusterAll(weights, options, context);
  const changed: Change[] = [];
  const fresh = new Map<Tensor, Tensor>();
  for (const [at, { value, tensor }] of weights.entries()) {
    const output = outputs[at];
    if (output === undefined) {
      skipped.push({ name: value.name, reason: say("common.notFinite") });
    } else if (output.values === undefined) {
      const few = options.preserve_sparsity ? "fewValuesBesideZero" : "fewValues";
      const { distinct } = output;
      const reason = say(`cluster-kmeans.${few}`, { distinct, clusters: options.clusters });
      skipped.push({ name: value.name, reason });
    } else {
      const half = tensor.dataType === dtypes.float16.code;
      const made = makeTensor(tensor.name ?? "", half ? "float16" : "float32", tensor.dims, output.values);
      fresh.set(tensor, { ...made, docString: tensor.docString, metadataProps: tensor.metadataProps });
      changed.push({ name: value.name, what: summary(output, output.values.length) });
      if (!output.converged) {
        const { iterations: rounds } = output;
        warnings.push(say("cluster-kmeans.unsettled", { name: value.name, rounds }));
      }
    }
  }
  if (weights.length === 0 && skipped.length === 0) {
    skipped.push({ name: wholeModel, reason: say("common.noWeights") });
  }
  if (changed.length === 0) return { changed, skipped, warnings };
  replaceTensors(index, weights, fresh);
  return { changed, skipped, warnings: [...warnings, sharedWarning] };
};

/** The largest first, so that no core is left waiting for it at the end; undefined where values are not finite. */
async function clusterAll(
  weights: readonly PrunableWeight[],
  options: ClusterKmeansOptions,
  context: PassContext,
): Promise<(TaskOutput | undefined)[]> {
  const { clusters, init, preserve_sparsity, max_iterations } = options;
  const outputs: (TaskOutput | undefined)[] = weights.map(() => undefined);
  const sizes = weights.map(({ tensor }) => tensor.dims.reduce((count, size) => count * size, 1));
  const queue = weights.map((_, at) => at).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  const runner = async () => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const weight = weights[at];
      if (weight === undefined) continue;
      // A copy made when it is needed: the weight may be a view of the whole file.
      const values = readFloats(weight.tensor).slice();
      done += values.length;
      if (!allFinite(values)) continue;
      const half = weight.tensor.dataType === dtypes.float16.code;
      const seed = (context.seed + Math.imul(at, seedStep)) | 0;
      const input = { values, half, seed, clusters, init, preserve_sparsity, max_iterations };
      outputs[at] = await context.pool.run(cluster, input, [values.buffer]);
      context.onProgress(done / all);
    }
  };
  await Promise.all(Array.from({ length: context.pool.size }, runner));
  return outputs;
}

function allFinite(values: Float32Array): boolean {
  let sum = 0;
  // Zero for finite values; infinities and NaN make it NaN.
  for (let at = 0; at < values.length; at++) sum += values[at]! - values[at]!;
  return sum === 0;
}

function summary({ distinct, meanSquaredError, iterations }: TaskOutput, count: number) {
  const bits = Math.max(1, Math.ceil(Math.log2(distinct)));
  const [error, rounds] = [meanSquaredError, iterations];
  return say("cluster-kmeans.shared", { count, distinct, bits, error, rounds });
}
