import type { BaselineDelta, Measurement, MeasurementInterval } from "../measurement.schema.ts";
import type { Difference } from "../metrics/compare.ts";
import type { Estimate, Interval } from "../statistics/interval.ts";
import { type MeasurementName, measurementNames } from "./names.ts";

/** Everything about a measurement but its name, value, interval and sample count. */
export type Circumstances = Pick<Measurement, "split" | "tier" | "method" | "scope" | "conditions">;

/**
 * A measurement from an estimate; undefined where the value is not finite, which has no place in a table.
 *
 * @param baseline value of the baseline and the difference from it, where there is one
 */
export function measured(
  name: MeasurementName,
  estimate: Estimate,
  circumstances: Circumstances,
  baseline?: { readonly value: number; readonly difference: Difference },
): Measurement | undefined {
  if (!Number.isFinite(estimate.value) || estimate.n < 1) return undefined;
  const measurement: Measurement = {
    name,
    value: estimate.value,
    unit: measurementNames[name].unit,
    interval: asInterval(estimate.interval),
    n: estimate.n,
    ...circumstances,
  };
  if (baseline === undefined || !Number.isFinite(baseline.difference.value)) return measurement;
  return { ...measurement, baselineDelta: delta(baseline.value, baseline.difference) };
}

/** A count of bytes or parameters, with its exact difference from the baseline's. */
export function counted(
  name: MeasurementName,
  value: number,
  circumstances: Omit<Circumstances, "split" | "tier" | "scope">,
  baseline?: number,
): Measurement {
  const measurement: Measurement = {
    name,
    value,
    unit: measurementNames[name].unit,
    interval: "exact",
    n: 1,
    split: null,
    tier: "metered",
    scope: "file",
    ...circumstances,
  };
  if (baseline === undefined) return measurement;
  const difference = value - baseline;
  const percent = baseline === 0 ? null : (100 * difference) / baseline;
  return {
    ...measurement,
    baselineDelta: { value: difference, percent, interval: "exact", method: "difference of exact values" },
  };
}

function delta(baseline: number, { value, interval }: Difference): BaselineDelta {
  return {
    value,
    percent: baseline === 0 ? null : (100 * value) / Math.abs(baseline),
    interval: asInterval(interval),
    method: interval?.method ?? "difference",
  };
}

export function asInterval(interval: Interval | undefined): MeasurementInterval {
  if (interval === undefined) return "n=1";
  const { low, high, level, method } = interval;
  // A level that rounding pushed above 1 is 1.
  return { low, high, level: Math.min(1, level), method };
}
