import type { Difference } from "../metrics/compare.ts";
import { bcaInterval } from "../statistics/bootstrap.ts";
import type { Estimate, Interval } from "../statistics/interval.ts";
import { quantileEstimate, sortedCopy } from "../statistics/order-statistics.ts";
import type { Block, LatencySeries } from "./series.ts";

/** A quantile of the latency in ms, with its interval by order statistics. */
export function latencyQuantile(series: LatencySeries, q: number): Estimate {
  return quantileEstimate(sortedCopy(series.samples), q);
}

/**
 * Difference of the medians, candidate − baseline, in ms. The interval is that of the median of the differences
 * between neighbouring blocks, which a slow drift of the machine leaves alone.
 */
export function compareMedians(baseline: LatencySeries, candidate: LatencySeries): Difference {
  const value = latencyQuantile(candidate, 0.5).value - latencyQuantile(baseline, 0.5).value;
  const pairs = Math.min(baseline.blocks.length, candidate.blocks.length);
  const differences = Array.from(
    { length: pairs },
    (_, index) => candidate.blocks[index]!.medianMs - baseline.blocks[index]!.medianMs,
  );
  const { interval } = quantileEstimate(sortedCopy(differences), 0.5);
  return { value, interval: interval && { ...interval, method: "order statistics of paired block medians" } };
}

/**
 * Difference of another quantile, candidate − baseline. The interval runs from the best case of one model against
 * the worst of the other, which is wider than need be but holds without assumptions.
 */
export function compareQuantiles(baseline: LatencySeries, candidate: LatencySeries, q: number): Difference {
  const [before, after] = [latencyQuantile(baseline, q), latencyQuantile(candidate, q)];
  const value = after.value - before.value;
  if (before.interval === undefined || after.interval === undefined) return { value, interval: undefined };
  const interval: Interval = {
    low: after.interval.low - before.interval.high,
    high: after.interval.high - before.interval.low,
    // Bonferroni: both intervals hold together with at least this probability.
    level: Math.max(0.5, before.interval.level + after.interval.level - 1),
    method: "difference of two order-statistics intervals",
  };
  return { value, interval };
}

/** A total per query or per second, taken over blocks. */
export interface Ratio {
  readonly of: (block: Block) => number;
  readonly per: (block: Block) => number;
  readonly factor: number;
}

function columns(series: LatencySeries, ratio: Ratio): [Float64Array, Float64Array] {
  return [Float64Array.from(series.blocks, ratio.of), Float64Array.from(series.blocks, ratio.per)];
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** Total over total, with a bootstrap interval over blocks. */
export function estimateRatio(series: LatencySeries, ratio: Ratio, seed: number): Estimate {
  const [tops, bottoms] = columns(series, ratio);
  const combine = ([top, bottom]: readonly number[]) => (ratio.factor * top!) / bottom!;
  const value = combine([total(tops), total(bottoms)]);
  return { value, interval: bcaInterval([tops, bottoms], combine, { seed }), n: series.blocks.length };
}

/** Difference of two ratios, with a bootstrap interval over pairs of neighbouring blocks. */
export function compareRatios(
  baseline: LatencySeries,
  candidate: LatencySeries,
  ratio: Ratio,
  seed: number,
): Difference {
  const pairs = Math.min(baseline.blocks.length, candidate.blocks.length);
  const all = [...columns(baseline, ratio), ...columns(candidate, ratio)].map((column) =>
    column.subarray(0, pairs),
  );
  const combine = ([beforeTop, beforeBottom, top, bottom]: readonly number[]) =>
    ratio.factor * (top! / bottom! - beforeTop! / beforeBottom!);
  const value = combine(all.map(total));
  return { value, interval: bcaInterval(all, combine, { seed }) };
}

/** Items per second of wall time. */
export function throughputRatio(itemsPerQuery: number): Ratio {
  return { of: ({ queries }) => queries, per: ({ wallSeconds }) => wallSeconds, factor: itemsPerQuery };
}

/** CPU seconds per 1,000 items. */
export function cpuRatio(itemsPerQuery: number): Ratio {
  return { of: ({ cpuSeconds }) => cpuSeconds, per: ({ queries }) => queries, factor: 1000 / itemsPerQuery };
}
