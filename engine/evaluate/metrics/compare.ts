import { EngineError } from "#engine/error.ts";
import { bcaInterval } from "../statistics/bootstrap.ts";
import type { Estimate, Interval } from "../statistics/interval.ts";
import { pairedProportionInterval } from "../statistics/tango.ts";
import { wilsonInterval } from "../statistics/wilson.ts";

/** A difference candidate − baseline on the same items. */
export interface Difference {
  readonly value: number;
  readonly interval: Interval | undefined;
}

function requirePairs(one: ArrayLike<number>, other: ArrayLike<number>): void {
  if (one.length !== other.length) {
    throw new EngineError(
      "data-mismatch",
      `Paired results need the same items: ${one.length} and ${other.length}`,
    );
  }
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/** Share of ones with Wilson's interval. */
export function estimateShare(correct: Uint8Array): Estimate {
  const successes = correct.reduce((sum, value) => sum + value, 0);
  const n = correct.length;
  return { value: successes / n, interval: n > 0 ? wilsonInterval(successes, n) : undefined, n };
}

/** Items right only after (`gained`) and only before (`lost`). */
export function countChanges(baseline: Uint8Array, candidate: Uint8Array): { gained: number; lost: number } {
  requirePairs(baseline, candidate);
  let gained = 0;
  let lost = 0;
  for (let item = 0; item < baseline.length; item++) {
    if (candidate[item]! > baseline[item]!) gained++;
    else if (candidate[item]! < baseline[item]!) lost++;
  }
  return { gained, lost };
}

/** Difference of two shares on the same items, with Tango's interval. */
export function compareShares(baseline: Uint8Array, candidate: Uint8Array): Difference {
  const { gained, lost } = countChanges(baseline, candidate);
  const n = baseline.length;
  return {
    value: (gained - lost) / n,
    interval: n > 0 ? pairedProportionInterval(gained, lost, n) : undefined,
  };
}

/** Statistics that are functions of a mean over items. */
export const meanStatistics = {
  mean: (value: number) => value,
  /** For squared errors. */
  rootMean: (value: number) => Math.sqrt(value),
} as const;

export type MeanStatistic = keyof typeof meanStatistics;

/** A statistic over items with its bootstrap interval; without one where a value is not finite. */
export function estimateMean(values: Float64Array, statistic: MeanStatistic, seed: number): Estimate {
  const of = meanStatistics[statistic];
  const interval = values.every(Number.isFinite)
    ? bcaInterval([values], ([m]) => of(m!), { seed })
    : undefined;
  return { value: of(mean(values)), interval, n: values.length };
}

/** Difference of a statistic over the same items, with a paired bootstrap interval. */
export function compareMeans(
  baseline: Float64Array,
  candidate: Float64Array,
  statistic: MeanStatistic,
  seed: number,
): Difference {
  requirePairs(baseline, candidate);
  const of = meanStatistics[statistic];
  const value = of(mean(candidate)) - of(mean(baseline));
  if (!Number.isFinite(value)) return { value, interval: undefined };
  const combine = ([before, after]: readonly number[]) => of(after!) - of(before!);
  return { value, interval: bcaInterval([baseline, candidate], combine, { seed }) };
}
