import { describe, expect, it } from "vitest";
import type { Measured } from "#contracts/measurement.ts";
import { toColumns, toMeasurementRow } from "./columns.ts";
import { deriver, storedFor } from "./derive.ts";

const energy: Measured = {
  name: "energy/per-1000",
  value: 2e-6,
  unit: "kWh",
  interval: { low: 1e-6, high: 4e-6, level: null, method: "band of the coefficients" },
  n: 20,
  split: null,
  tier: "metered",
  method: "RAPL",
  scope: "package",
  conditions: { engineVersion: "1", threads: 1 },
  baselineDelta: {
    value: -1e-6,
    percent: -33,
    interval: { low: -2e-6, high: -5e-7, level: 0.95, method: "bootstrap" },
    method: "paired",
  },
  qualityKey: null,
  performanceKey: "a".repeat(64),
  detail: { otherLoad: 0.1 },
};
const measuredAt = new Date(0);
const settings = { gridRegion: "DE", pricePerCpuHour: 0.36, currency: "EUR" };

describe("a measurement", () => {
  it.each([
    ["with intervals", energy],
    [
      "exact",
      {
        ...energy,
        interval: "exact",
        baselineDelta: { value: 1, percent: null, interval: "exact", method: "difference" },
      },
    ],
    [
      "seen once, without baseline",
      { ...energy, interval: "n=1", baselineDelta: undefined, detail: null, split: "test" },
    ],
    [
      "with a band as difference",
      {
        ...energy,
        baselineDelta: {
          ...energy.baselineDelta!,
          interval: { low: 1, high: 2, level: null, method: "band" },
        },
      },
    ],
  ] as const)("%s comes back from its row as it was", (_name, given) => {
    const row = toMeasurementRow({ ...toColumns(given as Measured), measuredAt });
    expect(row).toEqual({
      ...given,
      baselineDelta: given.baselineDelta ?? null,
      measuredAt,
      derivedFrom: null,
    });
  });
});

describe("what follows from a measurement", () => {
  it("is carbon from energy, always modelled, with the factor's source and year", () => {
    const [, carbon] = deriver(settings)([toMeasurementRow({ ...toColumns(energy), measuredAt })]);
    expect(carbon).toMatchObject({
      name: "carbon/per-1000",
      unit: "gCO2e",
      tier: "modelled",
      derivedFrom: { factor: 381, year: 2023 },
    });
    expect(carbon?.value).toBeCloseTo(2e-6 * 381, 12);
    expect(carbon?.interval).toMatchObject({ low: 1e-6 * 381, high: 4e-6 * 381 });
    expect(carbon?.baselineDelta?.value).toBeCloseTo(-1e-6 * 381, 12);
    expect(carbon?.baselineDelta?.percent).toBe(-33);
  });

  it("is cost from CPU seconds: one second per thousand at 0.36 an hour is 0.1 per million", () => {
    const cpu = toMeasurementRow({
      ...toColumns({ ...energy, name: "cpu/seconds-per-1000", value: 1, unit: "s" }),
      measuredAt,
    });
    const [, cost] = deriver(settings)([cpu]);
    expect(cost).toMatchObject({
      name: "cost/per-million",
      unit: "EUR",
      derivedFrom: { metric: "cpu/seconds-per-1000" },
    });
    expect(cost?.value).toBeCloseTo(0.1, 12);
  });

  it("sorts as what it follows from", () => {
    expect(storedFor("carbon/per-1000", settings)).toEqual({ name: "energy/per-1000", factor: 381 });
    expect(storedFor("size/file", settings)).toEqual({ name: "size/file", factor: 1 });
    expect(storedFor("carbon/per-1000", { ...settings, gridRegion: "nowhere" }).factor).toBe(475);
  });

  it("says so where the world stands in for a grid that it does not know", () => {
    const row = toMeasurementRow({ ...toColumns(energy), measuredAt });
    const [, carbon] = deriver({ ...settings, gridRegion: "nowhere" })([row]);
    expect(carbon?.method).toContain('World, as no factor is known for "nowhere": 475 gCO2e/kWh');
  });
});
