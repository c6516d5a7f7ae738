import { type CorePower, memoryPower } from "../../energy/cpu-power.ts";
import { joulesPerKWh, kWhOf, modelEnergy } from "../../energy/model.ts";
import { aboveIdle } from "../../energy/rapl.ts";
import type { BaselineDelta, Conditions, Measurement } from "../measurement.schema.ts";
import { compareRatios, cpuRatio, estimateRatio, type Ratio } from "./estimates.ts";
import { circumstances, ratioMeasurement, type SeriesPair } from "./report.ts";
import type { Block, LatencySeries } from "./series.ts";

export interface EnergyContext {
  readonly power: CorePower;
  /** Peak resident memory while the model runs, in bytes. */
  readonly memoryBytes: number;
  readonly baselineMemoryBytes?: number;
  /** Watts of the idle packages, where a meter could be read. */
  readonly idleWatts?: number;
}

const bandMethod = "interval of the CPU time times the band of the coefficients";

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
  if (idleWatts === undefined || !isMetered) return modelled(pair, context, conditions, seed);
  const ratio: Ratio = {
    of: ({ joules, wallSeconds }) => kWhOf(aboveIdle(joules ?? 0, idleWatts, wallSeconds)),
    per: ({ queries }) => queries,
    factor: 1000 / pair.candidate.itemsPerQuery,
  };
  const method = `RAPL, processor packages less ${idleWatts.toFixed(1)} W idle`;
  const how = { ...circumstances(method, conditions), scope: "package" as const };
  return ratioMeasurement("energy/per-1000", pair, ratio, how, seed);
}

function modelled(
  pair: SeriesPair,
  context: EnergyContext,
  conditions: Conditions,
  seed: number,
): Measurement[] {
  const { candidate } = pair;
  const { power, memoryBytes } = context;
  const cpu = estimateRatio(candidate, cpuRatio(candidate.itemsPerQuery), seed);
  const at = (cpuSeconds: number) =>
    modelEnergy({ cpuSeconds, wallSeconds: wallPer1000(candidate), memoryBytes }, power);
  const energy = at(cpu.value);
  if (!Number.isFinite(energy.kWh)) return [];
  const measurement: Measurement = {
    name: "energy/per-1000",
    value: energy.kWh,
    unit: "kWh",
    interval: {
      low: at(cpu.interval?.low ?? cpu.value).low,
      high: at(cpu.interval?.high ?? cpu.value).high,
      level: null,
      method: bandMethod,
    },
    n: Math.max(1, candidate.blocks.length),
    ...circumstances(energy.method, conditions),
    tier: "modelled",
  };
  const baselineDelta = modelledDelta(pair, context, seed);
  return [baselineDelta === undefined ? measurement : { ...measurement, baselineDelta }];
}

/** Both models share the coefficients, so the difference is taken at equal ones and the extremes searched. */
function modelledDelta(pair: SeriesPair, context: EnergyContext, seed: number): BaselineDelta | undefined {
  const { candidate, baseline } = pair;
  if (baseline === undefined) return undefined;
  const { power, memoryBytes, baselineMemoryBytes = memoryBytes } = context;
  const ratio = cpuRatio(candidate.itemsPerQuery);
  const cpu = compareRatios(baseline, candidate, ratio, seed);
  const gigabyteSeconds =
    (memoryBytes * wallPer1000(candidate) - baselineMemoryBytes * wallPer1000(baseline)) / 1e9;
  const kWh = (cpuSeconds: number, end: "watts" | "low" | "high") =>
    (cpuSeconds * power[end] + gigabyteSeconds * memoryPower[end]) / joulesPerKWh;
  const ends = [cpu.interval?.low ?? cpu.value, cpu.interval?.high ?? cpu.value];
  const extremes = ends.flatMap((seconds) => [kWh(seconds, "low"), kWh(seconds, "high")]);
  const value = kWh(cpu.value, "watts");
  const before = modelEnergy(
    {
      cpuSeconds: estimateRatio(baseline, ratio, seed).value,
      wallSeconds: wallPer1000(baseline),
      memoryBytes: baselineMemoryBytes,
    },
    power,
  ).kWh;
  if (!Number.isFinite(value) || !Number.isFinite(before)) return undefined;
  return {
    value,
    percent: before === 0 ? null : (100 * value) / before,
    interval: { low: Math.min(...extremes), high: Math.max(...extremes), level: null, method: bandMethod },
    method: "difference at equal coefficients",
  };
}

function wallPer1000({ blocks, itemsPerQuery }: LatencySeries): number {
  const sum = (of: (block: Block) => number) => blocks.reduce((total, block) => total + of(block), 0);
  return (1000 * sum(({ wallSeconds }) => wallSeconds)) / (sum(({ queries }) => queries) * itemsPerQuery);
}
