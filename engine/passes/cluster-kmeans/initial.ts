import type { RandomStream } from "#engine/evaluate/statistics/random.ts";
import type { ClusterKmeansOptions } from "../cluster.kmeans.schema.ts";
import type { SortedValues } from "./sorted.ts";

/** k-means++ draws from this many evenly ranked values: each round looks at all of them. */
const sampleLength = 1 << 18;

/** The centroids that k-means starts from, ascending. */
export function initialCentroids(
  sorted: SortedValues,
  clusters: number,
  init: ClusterKmeansOptions["init"],
  random: RandomStream,
): Float64Array {
  if (init === "linear") return linear(sorted, clusters);
  if (init === "density") return density(sorted, clusters);
  return plusPlus(sample(sorted, sampleLength), clusters, random);
}

/**
 * Evenly spaced from the least to the greatest value, as TensorFlow's toolkit does it; Han and others 2016 found
 * that it keeps the few large weights, which matter most.
 */
function linear({ values, length }: SortedValues, clusters: number): Float64Array {
  const [least, greatest] = [values[0]!, values[length - 1]!];
  return Float64Array.from({ length: clusters }, (_, at) =>
    clusters === 1 ? (least + greatest) / 2 : least + ((greatest - least) * at) / (clusters - 1),
  );
}

/** The middle of each of `clusters` equally large shares of the weights. */
function density({ values, length }: SortedValues, clusters: number): Float64Array {
  return Float64Array.from(
    { length: clusters },
    (_, at) => values[Math.min(length - 1, Math.floor(((at + 0.5) * length) / clusters))]!,
  );
}

/** Evenly ranked values, all of them where there are no more. */
function sample({ values, length }: SortedValues, most: number): Float32Array {
  if (length <= most) return values;
  return Float32Array.from({ length: most }, (_, at) => values[Math.floor(((at + 0.5) * length) / most)]!);
}

/**
 * k-means++ (Arthur and Vassilvitskii 2007): each further centroid is a value drawn with a probability in proportion
 * to its squared distance from the nearest centroid so far.
 */
function plusPlus(values: Float32Array, clusters: number, random: RandomStream): Float64Array {
  const chosen = [values[random.below(values.length)]!];
  const distances = Float64Array.from(values, (value) => (value - chosen[0]!) ** 2);
  while (chosen.length < clusters) {
    let total = 0;
    for (let at = 0; at < distances.length; at++) total += distances[at]!;
    // All values are centroids: what remains of the clusters stays empty.
    if (total === 0) break;
    let rest = random.uniform() * total;
    let pick = 0;
    for (let at = 0; at < distances.length; at++) {
      if (distances[at] === 0) continue;
      pick = at;
      rest -= distances[at]!;
      if (rest < 0) break;
    }
    const next = values[pick]!;
    chosen.push(next);
    for (let at = 0; at < distances.length; at++) {
      const distance = (values[at]! - next) ** 2;
      if (distance < distances[at]!) distances[at] = distance;
    }
  }
  return Float64Array.from(chosen).sort();
}
