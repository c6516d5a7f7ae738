import type { SortedValues } from "./sorted.ts";

export interface Clustering {
  /** Ascending. */
  readonly centroids: Float64Array;
  /** Rounds that moved a weight to another cluster. */
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Lloyd's k-means in one dimension. On sorted values a cluster is a range: a round finds the k − 1 borders by
 * bisection and the k means by differences of sums, without a look at the values one by one. Every round lowers the
 * squared error or changes nothing; a cluster without values keeps its centroid.
 *
 * @param initial ascending
 */
export function lloyd(sorted: SortedValues, initial: Float64Array, maxIterations: number): Clustering {
  const centroids = initial.slice();
  let borders = bordersOf(sorted, centroids);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    moveToMeans(sorted, borders, centroids);
    const next = bordersOf(sorted, centroids);
    if (next.every((border, at) => border === borders[at]))
      return { centroids, iterations: iteration, converged: true };
    borders = next;
  }
  return { centroids, iterations: maxIterations, converged: false };
}

/** End of the range of every cluster. A value half way between two centroids belongs to the lower one. */
function bordersOf(sorted: SortedValues, centroids: Float64Array): number[] {
  return Array.from(centroids, (centroid, at) =>
    at + 1 === centroids.length ? sorted.length : sorted.countUpTo(middle(centroid, centroids[at + 1]!)),
  );
}

export function middle(a: number, b: number): number {
  return (a + b) / 2;
}

function moveToMeans(sorted: SortedValues, borders: readonly number[], centroids: Float64Array): void {
  let from = 0;
  let before = 0;
  borders.forEach((to, at) => {
    const sum = sorted.sumBefore(to);
    if (to > from) {
      const mean = (sum - before) / (to - from);
      // The mean of a range lies within it, whatever sums have rounded off.
      centroids[at] = Math.min(Math.max(mean, sorted.values[from]!), sorted.values[to - 1]!);
    }
    [from, before] = [to, sum];
  });
}
