import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { float16Bits, float16Value } from "#engine/onnx/floats.ts";
import type { LazyBytes } from "#engine/onnx/lazy.ts";
import type { ClusterKmeansOptions } from "../cluster.kmeans.schema.ts";
import { ownFloats } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { initialCentroids } from "./initial.ts";
import { lloyd, middle } from "./lloyd.ts";
import { SortedValues } from "./sorted.ts";

export interface TaskInput
  extends Pick<ClusterKmeansOptions, "clusters" | "init" | "preserve_sparsity" | "max_iterations"> {
  /** Of float32. They are read twice, so that the sorted values and the result are never in memory together. */
  readonly bytes: Uint8Array | LazyBytes;
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

/** Clusters the values of one tensor; undefined where they are not finite. */
export function work(input: TaskInput): TaskOutput | undefined {
  const found = findCodebook(input);
  if (found === undefined) return undefined;
  const { codebook, distinct, ...rounds } = found;
  if (codebook === undefined) return { ...rounds, values: undefined, distinct, meanSquaredError: 0 };
  return { ...rounds, ...share(ownFloats(input.bytes), codebook, input) };
}

/** The values that stand for others, ascending; no codebook where there are few distinct values already. */
function findCodebook({ bytes, half, seed, clusters, init, preserve_sparsity, max_iterations }: TaskInput) {
  const values = ownFloats(bytes);
  if (!allFinite(values)) return undefined;
  const kept = preserve_sparsity ? withoutZeros(values) : values;
  const zeros = values.length - kept.length;
  const sorted = new SortedValues(kept);
  const present = sorted.distinct(clusters + 1);
  if (present <= clusters) {
    const distinct = present + (zeros > 0 ? 1 : 0);
    return { codebook: undefined, distinct, iterations: 0, converged: true };
  }
  const start = initialCentroids(sorted, clusters, init, randomStream(seed));
  const found = lloyd(sorted, start, max_iterations);
  const rounded = roundAll(found.centroids, half);
  const initial = roundAll(start, half);
  // Rounding to the type may undo the last trace of progress; it must never make things worse than the start.
  const better = squaredError(sorted, rounded) <= squaredError(sorted, initial);
  const { iterations, converged } = found;
  return { codebook: better ? rounded : initial, distinct: present, iterations, converged };
}

function allFinite(values: Float32Array): boolean {
  let sum = 0;
  // Zero for finite values; infinities and NaN make it NaN.
  for (let at = 0; at < values.length; at++) sum += values[at]! - values[at]!;
  return sum === 0;
}

/** In place. */
function withoutZeros(values: Float32Array): Float32Array {
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    values[count] = value;
    if (value !== 0) count++;
  }
  return values.subarray(0, count);
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

/** Every value becomes the nearest one of the codebook, in place where the type stays. */
function share(
  values: Float32Array,
  codebook: Float64Array,
  { half, preserve_sparsity: keepZeros }: Pick<TaskInput, "half" | "preserve_sparsity">,
) {
  const middles = middlesOf(codebook);
  const out = half ? new Uint16Array(values.length) : values;
  const stored = half ? Uint16Array.from(codebook, float16Bits) : Float32Array.from(codebook);
  const counts = new Float64Array(codebook.length);
  let sum = 0;
  let zeros = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (keepZeros && value === 0) {
      zeros++;
      out[at] = 0;
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
