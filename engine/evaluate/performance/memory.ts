import { measured } from "../measurement/build.ts";
import type { Conditions, Measurement } from "../measurement.schema.ts";
import type { Difference } from "../metrics/compare.ts";
import { quantileEstimate, sortedCopy } from "../statistics/order-statistics.ts";
import { circumstances } from "./report.ts";

/** Peak memory in bytes from repeated fresh processes: the median, with its interval where there are several. */
export function memoryMeasurement(
  candidate: readonly number[],
  baseline: readonly number[] | undefined,
  conditions: Conditions,
): Measurement[] {
  const median = (values: readonly number[]) => quantileEstimate(sortedCopy(values), 0.5);
  const method = "peak resident memory of a fresh process that loads and runs only this model";
  const against = baseline && { value: median(baseline).value, difference: shift(baseline, candidate) };
  return [
    measured("memory/peak", median(candidate), circumstances(method, conditions), against) ?? [],
  ].flat();
}

/**
 * Shift between two small independent samples (Hodges and Lehmann 1963): the median of all differences. The
 * interval from the smallest to the largest difference has the level 1 − 2 / C(n + m, n), the chance that a
 * rank sum test finds the samples fully apart; 97 % for four against four.
 */
export function shift(baseline: readonly number[], candidate: readonly number[]): Difference {
  const differences = sortedCopy(candidate.flatMap((after) => baseline.map((before) => after - before)));
  const { value } = quantileEstimate(differences, 0.5);
  const [n, m] = [candidate.length, baseline.length];
  if (n < 2 || m < 2) return { value, interval: undefined };
  let arrangements = 1;
  for (let index = 1; index <= n; index++) arrangements = (arrangements * (m + index)) / index;
  const interval = {
    low: differences[0]!,
    high: differences.at(-1)!,
    level: 1 - 2 / arrangements,
    method: "extremes of all differences",
  };
  return { value, interval };
}
