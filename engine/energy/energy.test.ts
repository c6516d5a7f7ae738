import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { carbonGrams } from "./carbon.ts";
import { costPerMillion } from "./cost.ts";
import { corePower, memoryPower } from "./cpu-power.ts";
import { carbonFactor, carbonFactors, worldFactor } from "./factors.ts";
import { breakEven, kWhOf, modelEnergy } from "./model.ts";
import { aboveIdle, EnergyTotal, energyBetween, type RaplDomain, selectDomains } from "./rapl.ts";

const domain = (id: string, name: string, maxRange = 1e9): RaplDomain => ({ id, name, maxRange });

describe("RAPL domains", () => {
  const laptop = [
    domain("intel-rapl:0", "package-0"),
    domain("intel-rapl:0:0", "core"),
    domain("intel-rapl:0:1", "uncore"),
    domain("intel-rapl:0:2", "dram"),
    domain("intel-rapl:1", "psys"),
    domain("intel-rapl-mmio:0", "package-0"),
  ];

  it("count each package once, and its parts never", () => {
    expect(selectDomains(laptop).map(({ id }) => id)).toEqual(["intel-rapl-mmio:0"]);
    expect(selectDomains(laptop.toReversed()).map(({ id }) => id)).toEqual(["intel-rapl-mmio:0"]);
  });

  it("keep the memory of two packages apart on request", () => {
    const server = [
      domain("intel-rapl:0", "package-0"),
      domain("intel-rapl:0:0", "dram"),
      domain("intel-rapl:1", "package-1"),
      domain("intel-rapl:1:0", "dram"),
    ];
    expect(selectDomains(server)).toHaveLength(2);
    expect(selectDomains(server, { dram: true })).toHaveLength(4);
  });
});

describe("RAPL counters", () => {
  const domains = [domain("a", "package-0", 1000), domain("b", "package-1", 1000)];

  it("wrap once", () => {
    const before = new Map([
      ["a", 990],
      ["b", 10],
    ]);
    const after = new Map([
      ["a", 20],
      ["b", 10],
    ]);
    expect(energyBetween(before, after, domains)).toBeCloseTo(30e-6, 12);
  });

  it("that cannot be read are dropped, never counted as zero", () => {
    const total = new EnergyTotal(domains);
    total.add(
      new Map([
        ["a", 0],
        ["b", 0],
      ]),
    );
    total.add(new Map([["a", 50]]));
    total.add(
      new Map([
        ["a", 100],
        ["b", 100],
      ]),
    );
    expect(total.total()).toBeCloseTo(200e-6, 12);
    expect(total.dropped).toBe(1);
    expect(
      energyBetween(
        new Map(),
        new Map([
          ["a", 1],
          ["b", 1],
        ]),
        domains,
      ),
    ).toBeUndefined();
    expect(energyBetween(new Map(), new Map(), [])).toBeUndefined();
  });

  it("that never move give no energy", () => {
    const total = new EnergyTotal(domains);
    for (let index = 0; index < 3; index++)
      total.add(
        new Map([
          ["a", 7],
          ["b", 7],
        ]),
      );
    expect(total.total()).toBeUndefined();
  });

  it("add up to the truth whatever the sampling", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, (increments) => {
        const [only] = domains;
        const total = new EnergyTotal([only!]);
        let truth = 0;
        total.add(new Map([["a", 0]]));
        for (const increment of increments) {
          truth += increment;
          total.add(new Map([["a", truth % 1000]]));
        }
        expect((total.total() ?? 0) * 1e6).toBeCloseTo(truth, 6);
      }),
    );
  });

  it("above idle never turn negative", () => {
    expect(aboveIdle(100, 10, 4)).toBe(60);
    expect(aboveIdle(30, 10, 4)).toBe(0);
  });
});

describe("modelled energy", () => {
  it("has the value of a calculation by hand", () => {
    // 10 CPU seconds at 280 W / 128 threads, 2 GB for 20 s at .3725 W/GB.
    const energy = modelEnergy(
      { cpuSeconds: 10, wallSeconds: 20, memoryBytes: 2e9 },
      corePower("AMD EPYC 7763 64-Core Processor"),
    );
    expect(energy.kWh * 3.6e6).toBeCloseTo(10 * 2.1875 + 40 * 0.3725, 9);
    expect(energy.low).toBeLessThan(energy.kWh);
    expect(energy.high).toBeGreaterThan(energy.kWh);
    expect(energy.method).toContain("280 W");
  });

  it("knows what it does not know", () => {
    expect(corePower("AMD EPYC")).toMatchObject({ watts: 4, low: 1.25, high: 9.5 });
    expect(corePower("Apple M1").watts).toBe(1.25);
    expect(corePower("Apple M1 Max").source).toContain("unknown");
    expect(corePower("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz").watts).toBe(4.375);
    expect(memoryPower.low).toBeLessThan(memoryPower.watts);
  });

  it("grows with use", () => {
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(amount, amount, amount, (cpuSeconds, wallSeconds, gigabytes) => {
        const usage = { cpuSeconds, wallSeconds, memoryBytes: gigabytes * 1e9 };
        const more = { ...usage, cpuSeconds: cpuSeconds + 1 };
        expect(modelEnergy(more, corePower("x")).kWh).toBeGreaterThan(
          modelEnergy(usage, corePower("x")).kWh - 1e-9,
        );
      }),
    );
  });

  it("is repaid after enough inferences, or never", () => {
    expect(breakEven(1, 0.3)).toBe(4);
    expect(breakEven(1, 0)).toBeUndefined();
    expect(kWhOf(3.6e6)).toBe(1);
  });
});

describe("carbon and cost", () => {
  it("follow their formulas", () => {
    expect(carbonGrams(2, worldFactor, 1.5)).toBe(1425);
    expect(() => carbonGrams(1, worldFactor, 0.9)).toThrow("at least 1");
    // 3.6 ms per inference: 1 CPU hour per million.
    expect(costPerMillion(0.0036, { perCpuHour: 0.05, currency: "EUR" })).toBeCloseTo(0.05, 12);
    expect(() => costPerMillion(1, { perCpuHour: -1, currency: "EUR" })).toThrow("price");
  });

  it("have one factor per region, found by code", () => {
    expect(new Set(carbonFactors.map(({ region }) => region)).size).toBe(carbonFactors.length);
    expect(carbonFactor("cn")).toMatchObject({ gramsPerKWh: 582, year: 2023 });
    expect(carbonFactor("XX")).toBeUndefined();
    expect(carbonFactors[0]).toBe(worldFactor);
  });
});

const mixes = sharedData("data/codecarbon/private_infra/global_energy_mix.json");

describe.skipIf(!mixes)("published grid mixes", () => {
  it("agree with the table", () => {
    const published: Record<string, { country_name: string; carbon_intensity: number; year: number }> =
      JSON.parse(readFileSync(mixes!, "utf8"));
    const byName = new Map(Object.values(published).map((mix) => [mix.country_name, mix]));
    for (const { name, gramsPerKWh, year } of carbonFactors.slice(1)) {
      const mix = byName.get(name);
      expect([name, mix?.year, Math.round(mix?.carbon_intensity ?? 0)]).toEqual([name, year, gramsPerKWh]);
    }
  });
});
