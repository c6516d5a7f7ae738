import { type CpuPrice, costPerMillion } from "../../energy/cost.ts";
import { type Circumstances, measured } from "../measurement/build.ts";
import type { MeasurementName } from "../measurement/names.ts";
import type { Conditions, Measurement } from "../measurement.schema.ts";
import {
  compareQuantiles,
  compareRatios,
  cpuRatio,
  estimateRatio,
  latencyQuantile,
  type Ratio,
  throughputRatio,
} from "./estimates.ts";
import type { LatencySeries } from "./series.ts";

/** A series of the model in question and, where it is not the baseline itself, one of its baseline. */
export interface SeriesPair {
  readonly candidate: LatencySeries;
  readonly baseline?: LatencySeries;
}

export const circumstances = (method: string, conditions: Conditions): Circumstances => ({
  split: null,
  tier: "metered",
  method,
  scope: "process",
  conditions,
});

/** p50 and p95 of single queries in ms, with the difference from the baseline. */
export function latencyMeasurements(
  { candidate, baseline }: SeriesPair,
  conditions: Conditions,
): Measurement[] {
  const method = "wall time per query through the Node binding, blocks interleaved with the baseline";
  return (["p50", "p95"] as const).flatMap((quantile) => {
    const against = baseline && {
      value: latencyQuantile(baseline, quantile).value,
      difference: compareQuantiles(baseline, candidate, quantile),
    };
    const estimate = latencyQuantile(candidate, quantile);
    return measured(`latency/${quantile}`, estimate, circumstances(method, conditions), against) ?? [];
  });
}

/** Items per second, from a series at a larger batch. */
export function throughputMeasurement(pair: SeriesPair, conditions: Conditions, seed: number): Measurement[] {
  const ratio = throughputRatio(pair.candidate.itemsPerQuery);
  return ratioMeasurement("throughput", pair, ratio, circumstances("items over wall time", conditions), seed);
}

/** CPU seconds per 1,000 inferences, user and system time of the whole process. */
export function cpuMeasurement(pair: SeriesPair, conditions: Conditions, seed: number): Measurement[] {
  const ratio = cpuRatio(pair.candidate.itemsPerQuery);
  const method = "CPU time of the process (getrusage) over queries";
  return ratioMeasurement("cpu/seconds-per-1000", pair, ratio, circumstances(method, conditions), seed);
}

/** A ratio over blocks as a measurement with its difference from the baseline; none where it is not finite. */
export function ratioMeasurement(
  name: MeasurementName,
  { candidate, baseline }: SeriesPair,
  ratio: Ratio,
  how: Circumstances,
  seed: number,
): Measurement[] {
  const against = baseline && {
    value: estimateRatio(baseline, ratio, seed).value,
    difference: compareRatios(baseline, candidate, ratio, seed),
  };
  return [measured(name, estimateRatio(candidate, ratio, seed), how, against) ?? []].flat();
}

/** Cost per million inferences in a price's currency, from a measurement of CPU seconds per 1,000. */
export function costMeasurement(cpu: Measurement, price: CpuPrice): Measurement {
  const scale = (secondsPer1000: number) => costPerMillion(secondsPer1000 / 1000, price);
  const interval = (given: Measurement["interval"]): Measurement["interval"] =>
    typeof given === "string" ? given : { ...given, low: scale(given.low), high: scale(given.high) };
  const { baselineDelta: delta, ...rest } = cpu;
  return {
    ...rest,
    name: "cost/per-million",
    value: scale(cpu.value),
    unit: price.currency,
    interval: interval(cpu.interval),
    tier: "modelled",
    method: `CPU seconds × ${price.perCpuHour} ${price.currency} per CPU hour`,
    ...(delta && {
      baselineDelta: { ...delta, value: scale(delta.value), interval: interval(delta.interval) },
    }),
  };
}
