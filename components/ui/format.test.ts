import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatSi,
  formatSigned,
  formatSignedPercent,
  isShownAsZero,
} from "./format.ts";

const clean = (text: string) => text.replace(/[\u202f\u00a0]/g, " ");

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1 kB"],
    [1_070_000, "1.07 MB"],
    [999_900, "1 MB"],
    [41_000, "41 kB"],
    [2_147_483_648, "2.15 GB"],
  ])("%d is %s", (bytes, text) => expect(clean(formatBytes(bytes, "en"))).toBe(text));

  it("states binary units as such", () => {
    expect(clean(formatBytes(1_048_576, "en", "binary"))).toBe("1 MiB");
    expect(clean(formatBytes(1_500, "en", "binary"))).toBe("1.46 KiB");
  });
});

describe("formatSi", () => {
  it.each([
    [0.0041, "J", "4.1 mJ"],
    [4.1, "J", "4.1 J"],
    [0, "J", "0 J"],
    [1_600, "Wh", "1.6 kWh"],
    [0.000036, "s", "36 µs"],
    [999.9, "J", "1 kJ"],
    [-0.5, "g", "−500 mg"],
    [3e-13, "J", "0.0003 nJ"],
  ])("%d %s is %s", (value, unit, text) => expect(clean(formatSi(value, unit, "en"))).toBe(text));
});

describe("numbers", () => {
  it("never rounds whole digits away", () => expect(formatNumber(12_345, "en")).toBe("12,345"));
  it("keeps significant digits", () => expect(formatNumber(0.012345, "en")).toBe("0.0123"));
  it("shows what is not a number as absent", () => {
    expect(formatNumber(Number.NaN, "en")).toBe("—");
    expect(formatSi(Number.POSITIVE_INFINITY, "J", "en")).toBe("—");
    expect(formatDuration(Number.NaN, "en")).toBe("—");
  });
  it("aligns per cents", () => expect(formatPercent(0.98, "en", 2)).toBe("98.00%"));
  it("signs differences with a real minus", () => {
    expect(formatSigned(-0.43, "en")).toBe("−0.43");
    expect(formatSigned(0.1, "en")).toBe("+0.10");
    expect(formatSigned(0, "en")).toBe("0.00");
  });
  it("groups counts", () => expect(formatCount(266_610, "zh")).toBe("266,610"));
  it("signs no difference that vanishes", () => {
    expect(formatSigned(-0.0004, "en")).toBe("0.00");
    expect(formatSignedPercent(-0.000_001, "en")).toBe("0.00%");
    expect(formatSignedPercent(-0.74, "en")).toBe("−74%");
    expect(formatSignedPercent(0.0008, "en")).toBe("+0.08%");
  });
  it("knows what is shown as zero", () => {
    expect(isShownAsZero("0.00%")).toBe(true);
    expect(isShownAsZero("0.01%")).toBe(false);
  });
  it("writes tiny numbers as powers of ten", () =>
    expect(clean(formatNumber(-7.45e-6, "en"))).toBe("−7.45 × 10⁻⁶"));
  it("keeps tiny money visible", () =>
    expect(clean(formatMoney(0.000_041_2, "USD", "en"))).toBe("$0.0000412"));
});

describe("formatDuration", () => {
  it.each([
    [0.000036, "36 µs"],
    [42, "42 s"],
    [420, "7 min"],
    [5_400, "1 hr 30 min"],
    [7_200, "2 hr"],
    [400_000, "5 days"],
  ])("%d s is %s", (seconds, text) => expect(clean(formatDuration(seconds, "en"))).toBe(text));
});
