import type { Estimate, Interval } from "./interval.ts";

/**
 * A quantile of a sample with its distribution-free interval (David and Nagaraja, Order Statistics, 3rd ed.,
 * section 7.1): [x(l), x(u)] covers the q-quantile with probability P(l ≤ B < u), B binomial(n, q). The value is
 * the nearest-rank quantile x(⌈nq⌉).
 *
 * Where the sample is too small for the wanted level, the interval ends at the smallest or largest value and
 * `level` states what is reached. Values are taken as independent; those measured in sequence rarely are, so the
 * interval is a lower limit of the uncertainty.
 *
 * @param sorted ascending
 * @param q in (0, 1)
 */
export function quantileEstimate(sorted: ArrayLike<number>, q: number, level = 0.95): Estimate {
  const n = sorted.length;
  if (n === 0) return { value: Number.NaN, interval: undefined, n };
  const value = nearestRank(sorted, q);
  if (n === 1) return { value, interval: undefined, n };
  const { low, high, reached } = ranks(n, q, level);
  const interval: Interval = {
    low: sorted[low - 1]!,
    high: sorted[high - 1]!,
    level: reached,
    method: "order statistics",
  };
  return { value, interval, n };
}

/** Ranks l and u of a sample of at least two, counted from 1, with as little outside each side as half of 1 − level where n allows it. */
export function ranks(n: number, q: number, level: number): { low: number; high: number; reached: number } {
  const tail = (1 - level) / 2;
  const { from, cumulative } = binomialCdf(n, q);
  const cdf = (k: number) => (k < from ? 0 : k - from >= cumulative.length ? 1 : (cumulative[k - from] ?? 1));
  let low = from;
  while (low < n && cdf(low) <= tail) low++;
  let high = low;
  while (high <= n && cdf(high - 1) < 1 - tail) high++;
  // cdf(low) is the first value above the tail, so P(B < low) = cdf(low − 1) is still within it.
  const lowRank = Math.min(n - 1, Math.max(1, low));
  const highRank = Math.min(n, Math.max(high, lowRank + 1));
  return { low: lowRank, high: highRank, reached: cdf(highRank - 1) - cdf(lowRank - 1) };
}

/** P(B ≤ k) for k from `from` on, within ten standard deviations of the mean, where all of the mass is. */
function binomialCdf(n: number, q: number): { from: number; cumulative: Float64Array } {
  const spread = 10 * Math.sqrt(n * q * (1 - q)) + 10;
  const from = Math.max(0, Math.floor(n * q - spread));
  const to = Math.min(n, Math.ceil(n * q + spread));
  const mode = Math.min(to, Math.max(from, Math.floor((n + 1) * q)));
  // Relative to the mode and normalised afterwards: no factorials, no underflow in the middle.
  const mass = new Float64Array(to - from + 1);
  mass[mode - from] = 1;
  for (let k = mode; k < to; k++) mass[k + 1 - from] = (mass[k - from]! * (n - k) * q) / ((k + 1) * (1 - q));
  for (let k = mode; k > from; k--) mass[k - 1 - from] = (mass[k - from]! * k * (1 - q)) / ((n - k + 1) * q);
  const total = mass.reduce((sum, value) => sum + value, 0);
  for (let index = 1; index < mass.length; index++) mass[index]! += mass[index - 1]!;
  return { from, cumulative: mass.map((value) => value / total) };
}

/** The quantile x(⌈nq⌉) of an ascending sample with at least one value. */
export function nearestRank(sorted: ArrayLike<number>, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * q) - 1))]!;
}

/** Ascending copy of a sample. */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
