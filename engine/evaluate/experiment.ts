import { corePower } from "../energy/cpu-power.ts";
import { modelEnergy, type Usage } from "../energy/model.ts";
import type { Conditions, Measurement } from "./measurement.schema.ts";

/**
 * What carrying out an experiment itself used: CPU and wall time as counted, energy modelled from them.
 *
 * @param usage of the process that did the work, its children included
 */
export function experimentMeasurements(
  usage: Usage,
  cpuModel: string,
  conditions: Conditions,
): Measurement[] {
  const energy = modelEnergy(usage, corePower(cpuModel));
  const common = { n: 1, split: null, scope: "process", conditions } as const;
  return [
    {
      name: "experiment/cpu-seconds",
      value: usage.cpuSeconds,
      unit: "s",
      interval: "n=1",
      tier: "metered",
      method: "CPU time of the process (getrusage)",
      ...common,
    },
    {
      name: "experiment/wall",
      value: usage.wallSeconds,
      unit: "s",
      interval: "n=1",
      tier: "metered",
      method: "wall time from start to end",
      ...common,
    },
    {
      name: "experiment/energy",
      value: energy.kWh,
      unit: "kWh",
      interval: { low: energy.low, high: energy.high, level: null, method: "band of the coefficients" },
      tier: "modelled",
      method: energy.method,
      ...common,
    },
  ];
}
