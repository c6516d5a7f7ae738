import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  EnergyTotal,
  energyBetween,
  type RaplDomain,
  type RaplSample,
  selectDomains,
} from "../energy/rapl.ts";
import { type EngineRemark, say } from "../say.ts";

/** Reads the energy of the processor packages. */
export interface EnergyMeter {
  readonly domains: readonly RaplDomain[];
  readonly read: () => RaplSample;
  /** Joules between two readings, undefined where one is incomplete. */
  readonly between: (before: RaplSample, after: RaplSample) => number | undefined;
}

/** A meter, or why there is none and what to do. */
export type MeterSearch =
  | { readonly status: "available"; readonly meter: EnergyMeter }
  | { readonly status: "unavailable"; readonly reason: EngineRemark };

/**
 * Looks for readable RAPL counters.
 *
 * @param root the powercap folder of sysfs
 */
export function findMeter(root = "/sys/class/powercap"): MeterSearch {
  const all = listDomains(root);
  const domains = selectDomains(all.domains);
  if (domains.length === 0) {
    return {
      status: "unavailable",
      reason: all.denied ? say("energy.onlyRoot", { root }) : say("energy.none"),
    };
  }
  const read = () => readSample(root, domains);
  if (domains.some(({ id }) => !read().has(id))) {
    return {
      status: "unavailable",
      reason: say("energy.unreadable", { root }),
    };
  }
  const between = (before: RaplSample, after: RaplSample) => energyBetween(before, after, domains);
  return { status: "available", meter: { domains, read, between } };
}

function listDomains(root: string): { domains: RaplDomain[]; denied: boolean } {
  const domains: RaplDomain[] = [];
  let denied = false;
  for (const id of folders(root)) {
    if (!id.startsWith("intel-rapl")) continue;
    const name = readFile(join(root, id, "name"));
    const range = Number(readFile(join(root, id, "max_energy_range_uj")));
    if (name === undefined) continue;
    if (range > 0) domains.push({ id, name, maxRange: range });
    else denied = true;
  }
  return { domains, denied };
}

function readSample(root: string, domains: readonly RaplDomain[]): RaplSample {
  const sample = new Map<string, number>();
  for (const { id } of domains) {
    const text = readFile(join(root, id, "energy_uj"));
    const value = Number(text);
    if (text !== undefined && text !== "" && Number.isFinite(value)) sample.set(id, value);
  }
  return sample;
}

function folders(root: string): string[] {
  try {
    return readdirSync(root);
  } catch {
    return [];
  }
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/**
 * Watts of the packages while this process sleeps, to be taken off what a model draws. Call it while holding the
 * measurement lock.
 *
 * @returns undefined where the counters do not move
 */
export async function measureIdleWatts(
  meter: EnergyMeter,
  seconds = 3,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const total = new EnergyTotal(meter.domains);
  const start = performance.now();
  total.add(meter.read());
  // Counters are refreshed about every millisecond; sampling well inside the time to wrap is ample.
  for (let taken = 0; taken < seconds; taken += 0.5) {
    await sleep(500, undefined, { signal });
    total.add(meter.read());
  }
  const joules = total.total();
  return joules === undefined ? undefined : joules / ((performance.now() - start) / 1000);
}
