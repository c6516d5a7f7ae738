import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { float16Bits, float16Value } from "#engine/onnx/floats.ts";
import type { ClusterKmeansOptions } from "../cluster.kmeans.schema.ts";
import { defineTask } from "../pool.ts";
import { initialCentroids } from "./initial.ts";
import { lloyd, middle } from "./lloyd.ts";
import { SortedValues } from "./sorted.ts";

export interface TaskInput
  extends Pick<ClusterKmeansOptions, "clusters" | "init" | "preserve_sparsity" | "max_iterations"> {
  /** Finite. */
  readonly values: Float32Array;
  /** The result is float16. */
  readonly half: boolean;
  readonly seed: number;
}

export interface TaskOutput {
  /** In the type of the weight; undefined where it holds no more than the clusters' number of distinct values. */
  readonly values: Float32Array | Uint16Array | undefined;
  /** Distinct values, zero included. */
  readonly distinct: number;
  readonly meanSquaredError: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Clusters the values of one tensor. */
export function work({
  values,
  half,
  seed,
  clusters,
  init,
  preserve_sparsity,
  max_iterations,
}: TaskInput): TaskOutput {
  const kept = preserve_sparsity ? withoutZeros(values) : values.slice();
  const zeros = values.length - kept.length;
  const sorted = new SortedValues(kept);
  const present = sorted.distinct(clusters + 1);
  if (present <= clusters) {
    const distinct = present + (zeros > 0 ? 1 : 0);
    return { values: undefined, distinct, meanSquaredError: 0, iterations: 0, converged: true };
  }
  const start = initialCentroids(sorted, clusters, init, randomStream(seed));
  const found = lloyd(sorted, start, max_iterations);
  const rounded = roundAll(found.centroids, half);
  const initial = roundAll(start, half);
  // Rounding to the type may undo the last trace of progress; it must never make things worse than the start.
  const better = squaredError(sorted, rounded) <= squaredError(sorted, initial);
  const codebook = better ? rounded : initial;
  const shared = share(values, codebook, half, preserve_sparsity);
  return { ...shared, iterations: found.iterations, converged: found.converged };
}

function withoutZeros(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    out[count] = value;
    if (value !== 0) count++;
  }
  return out.slice(0, count);
}

/** Centroids as the tensor can store them; ascending still. */
function roundAll(centroids: Float64Array, half: boolean): Float64Array {
  return centroids.map((value) => (half ? float16Value(float16Bits(value)) : Math.fround(value)));
}

function middlesOf(codebook: Float64Array): Float64Array {
  return codebook.slice(0, -1).map((value, at) => middle(value, codebook[at + 1]!));
}

function squaredError(sorted: SortedValues, codebook: Float64Array): number {
  const middles = middlesOf(codebook);
  let sum = 0;
  let cluster = 0;
  for (let at = 0; at < sorted.length; at++) {
    const value = sorted.values[at]!;
    while (cluster < middles.length && value > middles[cluster]!) cluster++;
    const gap = value - codebook[cluster]!;
    sum += gap * gap;
  }
  return sum;
}

/** Every value becomes the nearest one of the codebook. */
function share(values: Float32Array, codebook: Float64Array, half: boolean, keepZeros: boolean) {
  const middles = middlesOf(codebook);
  const out = half ? new Uint16Array(values.length) : new Float32Array(values.length);
  const stored = half ? Uint16Array.from(codebook, float16Bits) : Float32Array.from(codebook);
  const counts = new Float64Array(codebook.length);
  let sum = 0;
  let zeros = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (keepZeros && value === 0) {
      zeros++;
      continue;
    }
    let low = 0;
    let high = middles.length;
    while (low < high) {
      const probe = (low + high) >>> 1;
      if (value > middles[probe]!) low = probe + 1;
      else high = probe;
    }
    out[at] = stored[low]!;
    counts[low] = counts[low]! + 1;
    const gap = value - codebook[low]!;
    sum += gap * gap;
  }
  const used = new Set(codebook.filter((_, at) => counts[at]! > 0));
  if (zeros > 0) used.add(0);
  return { values: out, distinct: used.size, meanSquaredError: sum / Math.max(1, values.length) };
}

export const cluster = defineTask<typeof work>(import.meta.url);
