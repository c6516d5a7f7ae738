import type { Interval } from "./interval.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { randomStream } from "./random.ts";

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples?: number;
  readonly level?: number;
}

/**
 * Bias-corrected and accelerated bootstrap interval (Efron 1987, J. Amer. Statist. Assoc. 82:171–185) of a
 * statistic that is a function of means over items. Whole items are resampled, so columns that belong to the same
 * items (a baseline and a candidate) stay paired. Equal seeds give equal intervals.
 *
 * @param columns one value per item and column, all of the same length
 * @param combine the statistic, from the mean of each column
 * @returns undefined for fewer than two items
 */
export function bcaInterval(
  columns: readonly ArrayLike<number>[],
  combine: (means: readonly number[]) => number,
  options: BootstrapOptions,
): Interval | undefined {
  const { resamples = 2000, level = 0.95 } = options;
  const n = columns[0]?.length ?? 0;
  if (n < 2) return undefined;
  const method = `BCa bootstrap, ${resamples} resamples`;
  const totals = columns.map((column) => sum(column));
  const observed = combine(totals.map((total) => total / n));

  const replicates = resample(columns, combine, n, resamples, options.seed).sort();
  const acceleration = accelerationOf(columns, totals, combine, n);
  if (acceleration === undefined) return { low: observed, high: observed, level, method };

  // Half of the ties count as below, so that a lumpy statistic is not taken for a biased one.
  let below = 0;
  for (const value of replicates) below += value < observed ? 1 : value === observed ? 0.5 : 0;
  const share = Math.min(Math.max(below, 0.5), resamples - 0.5) / resamples;
  const bias = normalQuantile(share);
  const at = (probability: number) => {
    const z = bias + normalQuantile(probability);
    const corrected = normalCdf(bias + z / (1 - acceleration * z));
    const rank = Math.min(resamples - 1, Math.max(0, Math.floor(corrected * (resamples + 1)) - 1));
    return replicates[rank]!;
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2), level, method };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index]!;
  return total;
}

function resample(
  columns: readonly ArrayLike<number>[],
  combine: (means: readonly number[]) => number,
  n: number,
  resamples: number,
  seed: number,
): Float64Array {
  const random = randomStream(seed);
  const replicates = new Float64Array(resamples);
  const sums = new Array<number>(columns.length).fill(0);
  for (let replicate = 0; replicate < resamples; replicate++) {
    sums.fill(0);
    for (let draw = 0; draw < n; draw++) {
      // Scaling 32 bits is biased by at most n / 2³², far below what 2,000 resamples can show.
      const item = Math.floor((random.bits() * n) / 2 ** 32);
      for (let column = 0; column < columns.length; column++) sums[column]! += columns[column]![item]!;
    }
    replicates[replicate] = combine(sums.map((total) => total / n));
  }
  return replicates;
}

/** Σ(θ̄ − θᵢ)³ / 6(Σ(θ̄ − θᵢ)²)^1.5 over the jackknife values θᵢ; undefined where they do not vary. */
function accelerationOf(
  columns: readonly ArrayLike<number>[],
  totals: readonly number[],
  combine: (means: readonly number[]) => number,
  n: number,
): number | undefined {
  const values = new Float64Array(n);
  for (let item = 0; item < n; item++) {
    values[item] = combine(columns.map((column, index) => (totals[index]! - column[item]!) / (n - 1)));
  }
  const mean = sum(values) / n;
  let squares = 0;
  let cubes = 0;
  let largest = 0;
  for (const value of values) {
    const distance = mean - value;
    squares += distance ** 2;
    cubes += distance ** 3;
    largest = Math.max(largest, Math.abs(distance));
  }
  // Rounding alone makes equal values differ by a few units of the last place.
  if (largest <= 1e-13 * Math.abs(mean) || squares === 0) return undefined;
  return cubes / (6 * squares ** 1.5);
}
