import { describe, expect, it } from "vitest";
import type { Change } from "#contracts/change.ts";
import { formatDelta } from "./delta.ts";

const change = (rest: Partial<Change>): Change => ({
  value: 0,
  percent: null,
  low: null,
  high: null,
  level: null,
  finding: "none",
  base: null,
  ...rest,
});
const clean = (text: string | null) => text?.replace(/[\u202f\u00a0]/g, " ");

describe("formatDelta", () => {
  it("gives fractions in points, with a real minus", () => {
    const delta = formatDelta(
      "quality/top1@test",
      change({ value: -0.002, low: -0.006, high: 0.001 }),
      "fraction",
      "en",
    );
    expect(delta).toEqual({
      value: "−0.20",
      interval: "[−0.60, +0.10]",
      unit: "points",
      direction: "down",
      finding: "none",
    });
  });

  it("gives other quantities in per cent of the baseline, the interval too", () => {
    const delta = formatDelta(
      "latency/p50",
      change({ value: -0.02, percent: -50, low: -0.021, high: -0.019, base: 0.04 }),
      "ms",
      "en",
    );
    expect([delta.value, delta.interval, delta.unit]).toEqual(["−50%", "[−53%, −48%]", "own"]);
  });

  it("shows small changes with the decimals they need", () => {
    expect(
      formatDelta("size/file", change({ value: -4, percent: -0.081, base: 4_938 }), "B", "en").value,
    ).toBe("−0.08%");
    expect(formatDelta("size/file", change({ value: 30, percent: 3.21, base: 934 }), "B", "en").value).toBe(
      "+3.2%",
    );
  });

  it("falls back to the quantity where the baseline is zero", () => {
    expect(clean(formatDelta("size/parameters", change({ value: 12 }), "count", "en").value)).toBe("+12");
  });

  it("keeps the interval of a change that vanishes relative to the baseline", () => {
    const delta = formatDelta(
      "latency/p50",
      change({ value: 0, percent: 0, low: -0.002, high: 0.002, base: 0.04 }),
      "ms",
      "en",
    );
    expect([delta.value, delta.interval]).toEqual(["0.00%", "[−5.0%, +5.0%]"]);
  });

  it("gives a cosine as a plain difference, never in points, with the digits that tell it from none", () => {
    const cosine = (value: number, bounds: Partial<Change> = {}) =>
      formatDelta("fidelity/cosine", change({ value, percent: 100 * value, base: 1, ...bounds }), "1", "en");
    expect(cosine(-0.00013, { low: -0.00021, high: -0.00008 })).toMatchObject({
      value: "−0.000130",
      interval: "[−0.000210, −0.000080]",
      unit: "own",
    });
    expect(cosine(-0.25).value).toBe("−0.25");
    expect(cosine(0)).toMatchObject({ value: "0.00", interval: null, unit: "own" });
    expect(formatDelta("fidelity/relative-error", change({ value: 0.0042, base: 0 }), "1", "en").value).toBe(
      "+0.0042",
    );
  });

  it("gives decibels in decibels", () => {
    const delta = formatDelta("fidelity/sqnr", change({ value: -3, percent: -10, base: 30 }), "dB", "en");
    expect(clean(delta.value)).toBe("−3 dB");
  });

  it("gives no direction and no finding to what is shown as zero", () => {
    const tiny = change({ value: -4, percent: -0.000_8, base: 493_800, finding: "better" });
    expect(formatDelta("size/file", tiny, "B", "en")).toMatchObject({
      value: "0.00%",
      direction: "none",
      finding: "tiny",
    });
    const points = change({ value: -0.000_01, finding: "none" });
    expect(formatDelta("quality/top1@test", points, "fraction", "en")).toMatchObject({
      value: "0.00",
      direction: "none",
      finding: "none",
    });
  });

  it("gives every share in points", () => {
    const delta = formatDelta(
      "size/sparsity",
      change({ value: 0.9, percent: 899_900, base: 0.0001 }),
      "fraction",
      "en",
    );
    expect([delta.value, delta.unit]).toEqual(["+90.00", "points"]);
  });
});
