/**
 * Arithmetic of Intel's and AMD's running average power limit counters as Linux's powercap shows them: energy in
 * microjoules that counts up and wraps. Reading the files is the runtime's part.
 */
export interface RaplDomain {
  /** Name of the folder, for example `intel-rapl:0` or `intel-rapl:0:2` (a part of the former). */
  readonly id: string;
  /** `package-0`, `core`, `uncore`, `dram`, `psys`. */
  readonly name: string;
  /** The counter wraps to 0 after this many microjoules. */
  readonly maxRange: number;
}

/** Counter per domain id at one moment; a domain that could not be read is absent. */
export type RaplSample = ReadonlyMap<string, number>;

/**
 * The domains to add up: every `package-*`, and on request the `dram` parts. `core` and `uncore` are inside their
 * package, `psys` covers the packages and more: adding any of them would count energy twice. Where two interfaces
 * show the same package, the memory-mapped one (`intel-rapl-mmio`) is taken.
 */
export function selectDomains(
  domains: readonly RaplDomain[],
  options: { dram?: boolean } = {},
): RaplDomain[] {
  const byId = new Map(domains.map((domain) => [domain.id, domain]));
  const chosen = new Map<string, RaplDomain>();
  for (const domain of domains) {
    const key = identity(domain, byId, options.dram ?? false);
    if (key === undefined) continue;
    const rival = chosen.get(key);
    if (rival === undefined || (isMemoryMapped(domain) && !isMemoryMapped(rival))) chosen.set(key, domain);
  }
  return [...chosen.values()];
}

/** What a domain measures, regardless of the interface that shows it; undefined for one that is not counted. */
function identity(domain: RaplDomain, byId: Map<string, RaplDomain>, dram: boolean): string | undefined {
  if (/^package-\d+/.test(domain.name)) return domain.name;
  if (domain.name !== "dram" || !dram) return undefined;
  const parent = byId.get(domain.id.replace(/:\d+$/, ""));
  return `${parent?.name ?? domain.id} dram`;
}

function isMemoryMapped(domain: RaplDomain): boolean {
  return domain.id.startsWith("intel-rapl-mmio");
}

/**
 * Joules between two samples; undefined where a domain is missing in one of them, because an unreadable counter
 * is not a consumption of zero. A counter that fell has wrapped once: sample well within the time that takes
 * (a 280 W package with a range of 65,536 J wraps in 234 s).
 */
export function energyBetween(
  before: RaplSample,
  after: RaplSample,
  domains: readonly RaplDomain[],
): number | undefined {
  let microjoules = 0;
  for (const { id, maxRange } of domains) {
    const from = before.get(id);
    const to = after.get(id);
    if (from === undefined || to === undefined) return undefined;
    microjoules += to >= from ? to - from : maxRange + to - from;
  }
  return domains.length === 0 ? undefined : microjoules / 1e6;
}

/** Running total over samples in order of time; samples with an unreadable domain are dropped. */
export class EnergyTotal {
  private readonly domains: readonly RaplDomain[];
  private last: RaplSample | undefined;
  private joules = 0;
  dropped = 0;

  constructor(domains: readonly RaplDomain[]) {
    this.domains = domains;
  }

  /** The stretch before a dropped sample is counted at the next good one, so nothing is lost. */
  add(sample: RaplSample): void {
    if (this.domains.some(({ id }) => !sample.has(id))) {
      this.dropped++;
      return;
    }
    if (this.last !== undefined) this.joules += energyBetween(this.last, sample, this.domains) ?? 0;
    this.last = sample;
  }

  /** Joules so far; undefined where the counters never moved, which a running machine's cannot. */
  total(): number | undefined {
    return this.joules > 0 ? this.joules : undefined;
  }
}

/**
 * Energy above the idle machine, at least 0: joules − idle watts × seconds. The rest of the machine is assumed to
 * stay as idle as when `idleWatts` was measured.
 */
export function aboveIdle(joules: number, idleWatts: number, seconds: number): number {
  return Math.max(0, joules - idleWatts * seconds);
}
