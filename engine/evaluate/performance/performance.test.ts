import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corePower } from "../../energy/cpu-power.ts";
import { measurementSchema } from "../measurement.schema.ts";
import { energyMeasurement } from "./energy.ts";
import { compareQuantiles, latencyQuantile } from "./estimates.ts";
import { memoryMeasurement, shift } from "./memory.ts";
import { costMeasurement, cpuMeasurement, latencyMeasurements, throughputMeasurement } from "./report.ts";
import { type LatencySeries, SampleRecorder } from "./series.ts";

const conditions = { engineVersion: "test" };

/** Blocks of 100 queries; `ms` each with a ripple, drifting slower by 1 % a block, at 80 % CPU. */
function series(ms: number, options: { itemsPerQuery?: number; watts?: number } = {}): LatencySeries {
  const blocks = Array.from({ length: 40 }, (_, index) => {
    const medianMs = ms * (1 + index / 100) + ((index * 37) % 11) / 1000;
    const wallSeconds = medianMs / 10;
    const joules = options.watts === undefined ? undefined : options.watts * wallSeconds;
    return {
      queries: 100,
      wallSeconds,
      cpuSeconds: 0.8 * wallSeconds,
      medianMs,
      p95Ms: 1.2 * medianMs,
      joules,
    };
  });
  const samples = Float64Array.from(
    { length: 4000 },
    (_, index) => blocks[Math.floor(index / 100)]!.medianMs,
  );
  return { samples, blocks, itemsPerQuery: options.itemsPerQuery ?? 1 };
}

const parsed = (measurements: readonly unknown[]) =>
  measurements.map((value) => measurementSchema.parse(value));

describe("latency", () => {
  it("has quantiles and a paired difference that a drift does not blur", () => {
    const [p50, p95] = parsed(
      latencyMeasurements({ candidate: series(0.9), baseline: series(1) }, conditions),
    );
    expect(p50!.value).toBeGreaterThan(1.05);
    expect(p95!.value).toBeGreaterThan(p50!.value);
    const delta = p50!.baselineDelta!;
    if (typeof delta.interval === "string") throw new Error("no interval");
    expect(delta.interval.high).toBeLessThan(-0.09);
    expect(delta.percent).toBeCloseTo(-10, 0);
    expect(p95!.baselineDelta!.value).toBeLessThan(0);
  });

  it("has intervals that hold their value and know of a drift between blocks", () => {
    const drifting = series(1);
    for (const quantile of ["p50", "p95"] as const) {
      const { value, interval } = latencyQuantile(drifting, quantile);
      expect(interval!.low).toBeLessThanOrEqual(value);
      expect(interval!.high).toBeGreaterThanOrEqual(value);
      const difference = compareQuantiles(drifting, drifting, quantile);
      expect(difference).toMatchObject({ value: 0, interval: { low: 0, high: 0 } });
    }
    // 4,000 queries alone would claim a width of some 0.02 ms; 40 blocks that drift by 40 % cannot.
    const { low, high } = latencyQuantile(drifting, "p50").interval!;
    expect(high - low).toBeGreaterThan(0.08);
  });

  it("of a baseline itself has no difference", () => {
    expect(latencyMeasurements({ candidate: series(1) }, conditions)[0]).not.toHaveProperty("baselineDelta");
  });
});

describe("throughput and CPU time", () => {
  it("are totals over totals", () => {
    const pair = { candidate: series(1, { itemsPerQuery: 32 }), baseline: series(2, { itemsPerQuery: 32 }) };
    const [throughput] = parsed(throughputMeasurement(pair, conditions, 1));
    const wall = pair.candidate.blocks.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
    expect(throughput!.value).toBeCloseTo((4000 * 32) / wall, 6);
    const [cpu] = parsed(cpuMeasurement(pair, conditions, 1));
    expect(cpu!.value).toBeCloseTo((0.8 * wall) / (4 * 32), 9);
    expect(cpu!.baselineDelta!.percent).toBeCloseTo(-50, 0);
    const cost = measurementSchema.parse(costMeasurement(cpu!, { perCpuHour: 0.04, currency: "EUR" }));
    expect(cost.value).toBeCloseTo(((cpu!.value / 1000) * 1e6 * 0.04) / 3600, 12);
    expect(cost.baselineDelta!.percent).toBe(cpu!.baselineDelta!.percent);
  });
});

describe("energy", () => {
  const context = { power: corePower("unknown"), memoryBytes: 1e8 };

  it("is modelled, and says so, where no meter was read", () => {
    const pair = { candidate: series(1), baseline: series(2) };
    const [energy] = parsed(energyMeasurement(pair, context, conditions, 1));
    expect(energy).toMatchObject({
      tier: "modelled",
      scope: "process",
      unit: "kWh",
      interval: { level: null },
    });
    expect(energy!.baselineDelta!.percent).toBeCloseTo(-50, 0);
    const [unread] = energyMeasurement(
      { candidate: series(1), baseline: series(1, { watts: 5 }) },
      { ...context, idleWatts: 1 },
      conditions,
      1,
    );
    expect(unread!.tier).toBe("modelled");
  });

  it("has a band that holds zero where the CPU time does not differ clearly", () => {
    const noisy = (shift: number): LatencySeries => ({
      ...series(1),
      blocks: series(1).blocks.map((block, index) => ({
        ...block,
        cpuSeconds: block.cpuSeconds * (1 + 0.2 * Math.sin(index * 1.7 + shift)),
      })),
    });
    const [energy] = parsed(
      energyMeasurement({ candidate: noisy(1), baseline: noisy(0) }, context, conditions, 1),
    );
    const { interval, value } = energy!.baselineDelta!;
    if (typeof interval === "string") throw new Error("no interval");
    expect(interval.low).toBeLessThan(0);
    expect(interval.high).toBeGreaterThan(0);
    expect(interval.low).toBeLessThanOrEqual(value);
    expect(interval.high).toBeGreaterThanOrEqual(value);
  });

  it("is metered above idle where every block was read", () => {
    const [energy] = parsed(
      energyMeasurement({ candidate: series(1, { watts: 15 }) }, { ...context, idleWatts: 5 }, conditions, 1),
    );
    expect(energy).toMatchObject({ tier: "metered", scope: "package" });
    const wall = series(1).blocks.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
    expect(energy!.value * 3.6e6).toBeCloseTo((10 * wall) / 4, 6);
  });
});

describe("memory", () => {
  it("is the median of fresh processes", () => {
    const [memory] = parsed(memoryMeasurement([3e7, 1e7, 2e7], [5e7, 5e7, 5e7], conditions));
    expect(memory!.value).toBe(2e7);
    expect(memory!.baselineDelta!.value).toBe(-3e7);
    // Four against four: 1 − 2 / C(8, 4).
    const { value, interval } = shift([1, 2, 3, 4], [11, 12, 13, 14]);
    expect(value).toBe(10);
    expect(interval).toMatchObject({ low: 7, high: 13, level: expect.closeTo(1 - 2 / 70, 12) });
    expect(shift([1], [2]).interval).toBeUndefined();
    expect(memoryMeasurement([1e7], undefined, conditions)[0]!.interval).toBe("n=1");
  });
});

describe("SampleRecorder", () => {
  it("keeps an even selection within its capacity", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 16 }), (count, half) => {
        const recorder = new SampleRecorder(2 * half);
        for (let value = 0; value < count; value++) recorder.add(value);
        const kept = recorder.values();
        expect(kept.length).toBeLessThanOrEqual(2 * half);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, half));
        const step = kept.length > 1 ? kept[1]! - kept[0]! : 1;
        for (let index = 1; index < kept.length; index++) expect(kept[index]! - kept[index - 1]!).toBe(step);
      }),
    );
  });
});
