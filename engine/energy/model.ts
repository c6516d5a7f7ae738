import { type CorePower, memoryPower } from "./cpu-power.ts";

/** What a process used, as counted by the operating system. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Resident memory held over that time, in bytes. */
  readonly memoryBytes: number;
}

/** Energy in kWh with the band of its coefficients; the band is of assumptions and has no confidence level. */
export interface ModelledEnergy {
  readonly kWh: number;
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

export const joulesPerKWh = 3.6e6;

/**
 * Energy of a process where no power can be read:
 * joules = CPU seconds × watts per core + GB × seconds × watts per GB. The machine's idle power, its storage and
 * network are not attributed. Always shown as modelled.
 */
export function modelEnergy(usage: Usage, power: CorePower, memory: CorePower = memoryPower): ModelledEnergy {
  const gigabyteSeconds = (usage.memoryBytes / 1e9) * usage.wallSeconds;
  const kWh = (core: number, perGigabyte: number) =>
    (usage.cpuSeconds * core + gigabyteSeconds * perGigabyte) / joulesPerKWh;
  return {
    kWh: kWh(power.watts, memory.watts),
    low: kWh(power.low, memory.low),
    high: kWh(power.high, memory.high),
    method: `modelled from CPU seconds (${power.source}) and memory (${memory.source})`,
  };
}

/** Joules as kWh. */
export function kWhOf(joules: number): number {
  return joules / joulesPerKWh;
}

/**
 * Inferences after which the energy spent on compressing is repaid by what each inference saves.
 *
 * @returns undefined where nothing is saved
 */
export function breakEven(spentKWh: number, savedKWhPerInference: number): number | undefined {
  return savedKWhPerInference > 0 ? Math.ceil(spentKWh / savedKWhPerInference) : undefined;
}
