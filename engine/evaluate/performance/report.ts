import type { CorePower } from "../../energy/cpu-power.ts";
import { kWhOf, type ModelledEnergy, modelEnergy } from "../../energy/model.ts";
import { aboveIdle } from "../../energy/rapl.ts";
import { type Circumstances, measured } from "../measurement/build.ts";
import type { BaselineDelta, Conditions, Measurement } from "../measurement.schema.ts";
import {
  compareMedians,
  compareQuantiles,
  compareRatios,
  cpuRatio,
  estimateRatio,
  latencyQuantile,
  type Ratio,
  throughputRatio,
} from "./estimates.ts";
import type { Block, LatencySeries } from "./series.ts";

/** A series of the model in question and, where it is not the baseline itself, one of its baseline. */
export interface SeriesPair {
  readonly candidate: LatencySeries;
  readonly baseline?: LatencySeries;
}

const circumstances = (method: string, conditions: Conditions): Circumstances => ({
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
  const quantiles = [
    ["latency/p50", 0.5],
    ["latency/p95", 0.95],
  ] as const;
  return quantiles.flatMap(([name, q]) => {
    const against = baseline && {
      value: latencyQuantile(baseline, q).value,
      difference: q === 0.5 ? compareMedians(baseline, candidate) : compareQuantiles(baseline, candidate, q),
    };
    return measured(name, latencyQuantile(candidate, q), circumstances(method, conditions), against) ?? [];
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

function ratioMeasurement(
  name: "throughput" | "cpu/seconds-per-1000" | "energy/per-1000",
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

export interface EnergyContext {
  readonly power: CorePower;
  /** Peak resident memory while the model runs, in bytes. */
  readonly memoryBytes: number;
  readonly baselineMemoryBytes?: number;
  /** Watts of the idle packages, where a meter could be read. */
  readonly idleWatts?: number;
}

/**
 * Energy per 1,000 inferences in kWh: of the processor packages above idle where every block has a meter reading
 * ("metered", scope package), else modelled from CPU seconds and memory ("modelled", scope process).
 */
export function energyMeasurement(
  pair: SeriesPair,
  context: EnergyContext,
  conditions: Conditions,
  seed: number,
): Measurement[] {
  const { idleWatts } = context;
  const series = [pair.candidate, ...(pair.baseline ? [pair.baseline] : [])];
  const isMetered = series.every(({ blocks }) => blocks.every(({ joules }) => joules !== undefined));
  if (idleWatts === undefined || !isMetered) return modelled(pair, context, conditions);
  const ratio: Ratio = {
    of: ({ joules, wallSeconds }) => kWhOf(aboveIdle(joules ?? 0, idleWatts, wallSeconds)),
    per: ({ queries }) => queries,
    factor: 1000 / pair.candidate.itemsPerQuery,
  };
  const method = `RAPL, processor packages less ${idleWatts.toFixed(1)} W idle`;
  return ratioMeasurement(
    "energy/per-1000",
    pair,
    ratio,
    { ...circumstances(method, conditions), scope: "package" },
    seed,
  );
}

function modelled(
  { candidate, baseline }: SeriesPair,
  context: EnergyContext,
  conditions: Conditions,
): Measurement[] {
  const { power, memoryBytes, baselineMemoryBytes = memoryBytes } = context;
  const after = modelEnergy(per1000(candidate, memoryBytes), power);
  const before = baseline && modelEnergy(per1000(baseline, baselineMemoryBytes), power);
  const measurement: Measurement = {
    name: "energy/per-1000",
    value: after.kWh,
    unit: "kWh",
    interval: { low: after.low, high: after.high, level: null, method: "band of the coefficients" },
    n: Math.max(1, candidate.blocks.length),
    ...circumstances(after.method, conditions),
    tier: "modelled",
  };
  if (!Number.isFinite(after.kWh)) return [];
  return [
    before === undefined ? measurement : { ...measurement, baselineDelta: modelledDelta(before, after) },
  ];
}

/** Both models share the coefficients, so the ends of the band are differences at equal coefficients. */
function modelledDelta(before: ModelledEnergy, after: ModelledEnergy): BaselineDelta {
  const ends = [after.low - before.low, after.high - before.high].sort((one, other) => one - other);
  return {
    value: after.kWh - before.kWh,
    percent: before.kWh === 0 ? null : (100 * (after.kWh - before.kWh)) / before.kWh,
    interval: { low: ends[0]!, high: ends[1]!, level: null, method: "band of the coefficients" },
    method: "difference at equal coefficients",
  };
}

function per1000({ blocks, itemsPerQuery }: LatencySeries, memoryBytes: number) {
  const sum = (of: (block: Block) => number) => blocks.reduce((total, block) => total + of(block), 0);
  const thousands = (sum(({ queries }) => queries) * itemsPerQuery) / 1000;
  return {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds) / thousands,
    wallSeconds: sum(({ wallSeconds }) => wallSeconds) / thousands,
    memoryBytes,
  };
}

/** Peak memory in bytes from repeated fresh processes: the median, with its interval where there are several. */
export function memoryMeasurement(
  candidate: readonly number[],
  baseline: readonly number[] | undefined,
  conditions: Conditions,
): Measurement[] {
  const series = (values: readonly number[]): LatencySeries => ({
    samples: Float64Array.from(values),
    blocks: [],
    itemsPerQuery: 1,
  });
  const [after, before] = [series(candidate), baseline && series(baseline)];
  const method = "peak resident memory of a fresh process that loads and runs only this model";
  const against = before && {
    value: latencyQuantile(before, 0.5).value,
    difference: compareQuantiles(before, after, 0.5),
  };
  return [
    measured("memory/peak", latencyQuantile(after, 0.5), circumstances(method, conditions), against) ?? [],
  ].flat();
}

/** Cost per million inferences in a price's currency, from a measurement of CPU seconds per 1,000. */
export function costMeasurement(
  cpu: Measurement,
  price: { perCpuHour: number; currency: string },
): Measurement {
  const scale = (value: number) => (value / 1000) * 1e6 * (price.perCpuHour / 3600);
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
