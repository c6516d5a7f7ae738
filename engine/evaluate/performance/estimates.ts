import type { Difference } from "../metrics/compare.ts";
import { bcaInterval } from "../statistics/bootstrap.ts";
import type { Estimate } from "../statistics/interval.ts";
import { quantileEstimate, sortedCopy } from "../statistics/order-statistics.ts";
import type { Block, LatencySeries } from "./series.ts";

/** The quantiles that are reported. */
export type LatencyQuantile = "p50" | "p95";

const shares = { p50: 0.5, p95: 0.95 } as const;
const ofBlock = { p50: ({ medianMs }: Block) => medianMs, p95: ({ p95Ms }: Block) => p95Ms } as const;

/**
 * A quantile of the latency over all queries in ms. Queries of one moment resemble each other, so the interval by
 * order statistics of queries alone is too narrow on a machine whose speed drifts; it is widened to that of the
 * blocks' quantiles where those vary more.
 */
export function latencyQuantile(series: LatencySeries, quantile: LatencyQuantile): Estimate {
  const estimate = quantileEstimate(sortedCopy(series.samples), shares[quantile]);
  const blocks = quantileEstimate(sortedCopy(series.blocks.map(ofBlock[quantile])), 0.5).interval;
  const queries = estimate.interval;
  if (queries === undefined || blocks === undefined) return estimate;
  const interval = {
    low: Math.min(queries.low, blocks.low),
    high: Math.max(queries.high, blocks.high),
    level: Math.min(queries.level, blocks.level),
    method: "order statistics of queries and of blocks, the wider",
  };
  return { ...estimate, interval };
}

/**
 * Difference of a quantile, candidate − baseline, in ms: the median over pairs of neighbouring blocks, with its
 * interval by order statistics. A slow drift of the machine falls on both blocks of a pair and cancels.
 */
export function compareQuantiles(
  baseline: LatencySeries,
  candidate: LatencySeries,
  quantile: LatencyQuantile,
): Difference {
  const pairs = Math.min(baseline.blocks.length, candidate.blocks.length);
  const of = ofBlock[quantile];
  const differences = Array.from(
    { length: pairs },
    (_, index) => of(candidate.blocks[index]!) - of(baseline.blocks[index]!),
  );
  const { value, interval } = quantileEstimate(sortedCopy(differences), 0.5);
  return {
    value,
    interval: interval && { ...interval, method: `order statistics of paired blocks' ${quantile}` },
  };
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
