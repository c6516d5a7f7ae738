import { readFileSync } from "node:fs";
import { corePower } from "#engine/energy/cpu-power.ts";
import { modelEnergy } from "#engine/energy/model.ts";
import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { machineFacts } from "#engine/runtime/machine.ts";
import { peakResidentBytes } from "#engine/runtime/peak-memory.ts";

/** Ticks of the scheduler's clock a second; fixed on Linux, whatever the kernel's own rate. */
const ticksPerSecond = 100;

/** CPU seconds of processes that this one has started and waited for; 0 where the system does not tell. */
function childrenSeconds(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** What the run itself has used, compression and measurements together, from the start of this process. */
export function ownUse(): Measurement[] {
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6 + childrenSeconds();
  const wallSeconds = process.uptime();
  const machine = machineFacts();
  const memoryBytes = peakResidentBytes();
  const energy = modelEnergy({ cpuSeconds, wallSeconds, memoryBytes }, corePower(machine.cpuModel));
  const common = {
    n: 1,
    split: null,
    scope: "process",
    conditions: { engineVersion, cpuModel: machine.cpuModel },
  } as const;
  const seen = { ...common, interval: "n=1", tier: "metered" } as const;
  return [
    {
      ...seen,
      name: "experiment/wall",
      value: wallSeconds,
      unit: "s",
      method: "clock, from the start of the run's process",
    },
    {
      ...seen,
      name: "experiment/cpu-seconds",
      value: cpuSeconds,
      unit: "s",
      method: "CPU time of the run's processes (getrusage)",
    },
    {
      ...common,
      name: "experiment/energy",
      value: energy.kWh,
      unit: "kWh",
      interval: { low: energy.low, high: energy.high, level: null, method: "band of the coefficients" },
      tier: "modelled",
      method: energy.method,
    },
  ];
}
