import { describe, expect, it } from "vitest";
import type { RunValue } from "#contracts/run.ts";
import { breakEvenOf } from "./break-even.ts";

function kwh(value: number, change?: { value: number; half: number }): RunValue {
  return {
    value,
    unit: "kWh",
    interval: "n=1",
    n: 1,
    tier: "modelled",
    method: "CPU seconds",
    qualityKey: null,
    performanceKey: "k",
    baselineDelta: change
      ? {
          value: change.value,
          percent: null,
          interval: {
            low: change.value - change.half,
            high: change.value + change.half,
            level: 0.95,
            method: "test",
          },
          method: "paired",
        }
      : null,
  };
}

const baseline = { "energy/per-1000": kwh(4e-6) };
const run = (delta: number, half: number) => ({
  "experiment/energy": kwh(1e-3),
  "energy/per-1000": kwh(4e-6 + delta, { value: delta, half }),
});

describe("breakEvenOf", () => {
  it("divides what was spent by what each inference saves", () => {
    const found = breakEvenOf(run(-2e-6, 1e-7), baseline);
    if (found.kind !== "after") throw new Error(found.kind);
    expect(found.inferences).toBeCloseTo(500_000, 3);
    expect(found.band?.from).toBeCloseTo(1 / 2.1e-6, 3);
    expect(found.band?.to).toBeCloseTo(1 / 1.9e-6, 3);
  });
  it("follows the change that was measured in turn, not the difference of values measured apart", () => {
    const busyThen = { "energy/per-1000": kwh(2.5e-6) };
    const found = breakEvenOf(run(-2e-6, 1e-7), busyThen);
    expect(found.kind === "after" ? found.inferences : Number.NaN).toBeCloseTo(500_000, 3);
  });
  it("is never where energy is not saved", () => {
    expect(breakEvenOf(run(1e-6, 1e-7), baseline).kind).toBe("never");
  });
  it("is unclear where the interval includes zero", () => {
    expect(breakEvenOf(run(-1e-7, 1e-6), baseline).kind).toBe("unclear");
  });
  it("is unknown without both, or under other conditions", () => {
    expect(breakEvenOf({}, baseline).kind).toBe("unknown");
    const elsewhere = { "energy/per-1000": { ...kwh(4e-6), performanceKey: "other" } };
    expect(breakEvenOf(run(-2e-6, 1e-7), elsewhere).kind).toBe("unknown");
  });
});
