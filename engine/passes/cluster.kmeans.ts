import { indexModel } from "#engine/graph/index.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import type { ClusterKmeansOptions } from "./cluster.kmeans.schema.ts";
import { cluster, type TaskOutput } from "./cluster-kmeans/task.ts";
import { type AsyncPass, type Change, type PassContext, wholeModel } from "./pass.ts";
import { float32Bytes, handedOver } from "./pieces.ts";
import { type PrunableWeight, prunableWeights } from "./prune-magnitude/weights.ts";
import { replaceTensors } from "./pruning/replace.ts";
import { unknownNames } from "./pruning/report.ts";
import { shelved } from "./shelf.ts";

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
    } else if (output.shared === undefined) {
      const few = options.preserve_sparsity ? "fewValuesBesideZero" : "fewValues";
      const { distinct } = output;
      const reason = say(`cluster-kmeans.${few}`, { distinct, clusters: options.clusters });
      skipped.push({ name: value.name, reason });
    } else {
      fresh.set(tensor, output.shared);
      changed.push({ name: value.name, what: summary(output, elementCount(tensor.dims)) });
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

/** What a task found out, with the new tensor in the place of its values. */
type Clustered = Omit<TaskOutput, "values"> & { readonly shared: Tensor | undefined };

/** The largest first, so that no core is left waiting for it at the end; undefined where values are not finite. */
async function clusterAll(
  weights: readonly PrunableWeight[],
  options: ClusterKmeansOptions,
  context: PassContext,
): Promise<(Clustered | undefined)[]> {
  const { clusters, init, preserve_sparsity, max_iterations } = options;
  const outputs: (Clustered | undefined)[] = weights.map(() => undefined);
  const sizes = weights.map(({ tensor }) => tensor.dims.reduce((count, size) => count * size, 1));
  const queue = weights.map((_, at) => at).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  const runner = async () => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const weight = weights[at];
      if (weight === undefined) continue;
      const { bytes, transfer } = handedOver(float32Bytes(weight.tensor));
      done += sizes[at] ?? 0;
      const half = weight.tensor.dataType === dtypes.float16.code;
      const seed = (context.seed + Math.imul(at, seedStep)) | 0;
      const input = { bytes, half, seed, clusters, init, preserve_sparsity, max_iterations };
      const output = await context.pool.run(cluster, input, transfer);
      if (output === undefined) continue;
      const { values: shared, ...found } = output;
      outputs[at] = { ...found, shared: shared && sharedTensor(weight.tensor, shared, context) };
      context.onProgress(done / all);
    }
  };
  await Promise.all(Array.from({ length: context.pool.size }, runner));
  return outputs;
}

function sharedTensor(
  { name = "", dims, docString, metadataProps }: Tensor,
  values: Float32Array | Uint16Array,
  { shelf }: PassContext,
): Tensor {
  const made = makeTensor(name, values instanceof Uint16Array ? "float16" : "float32", dims, values);
  return shelved({ ...made, docString, metadataProps }, shelf);
}

function summary({ distinct, meanSquaredError, iterations }: Clustered, count: number) {
  const bits = Math.max(1, Math.ceil(Math.log2(distinct)));
  const [error, rounds] = [meanSquaredError, iterations];
  return say("cluster-kmeans.shared", { count, distinct, bits, error, rounds });
}
