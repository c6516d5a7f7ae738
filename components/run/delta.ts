import { decimalsFor, formatPercent, formatSigned } from "#components/ui/format.ts";
import { formatQuantity } from "#components/ui/quantity.ts";
import type { Change } from "#contracts/change.ts";
import { isFraction, isPlainNumber } from "#contracts/metric.ts";

export interface DeltaText {
  /** Signed: −0.43 or −74 % or +0.2 ms. */
  readonly value: string;
  /** [−0.66, −0.21], in the value's unit; null without one. */
  readonly interval: string | null;
  /** `points` are hundredths of a fraction; other values carry their own unit. */
  readonly unit: "points" | "own";
}

const sign = (value: number) => (value > 0 ? "+" : "");

/** Signed per cent with as many decimals as its size needs: −74 %, −3.2 %, +0.08 %. */
function signedPercent(percent: number, locale: string): string {
  const size = Math.abs(percent);
  const decimals = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  return `${sign(percent)}${formatPercent(percent / 100, locale, decimals)}`;
}

/**
 * A change against the baseline as text: fractions in points, numbers without a unit as differences, decibels in
 * decibels (being logarithms, they have no per cent), others in per cent of the baseline where it is known.
 */
export function formatDelta(id: string, change: Change, unit: string, locale: string): DeltaText {
  const { value, percent, low, high, base } = change;
  const bounds = (format: (part: number) => string) =>
    low === null || high === null ? null : `[${format(low)}, ${format(high)}]`;
  if (isFraction(id) || unit === "fraction") {
    const points = (part: number) => formatSigned(part * 100, locale, 2);
    return { value: points(value), interval: bounds(points), unit: "points" };
  }
  if (isPlainNumber(id)) {
    const decimals = decimalsFor([value, low ?? 0, high ?? 0]);
    const plain = (part: number) => formatSigned(part, locale, decimals);
    return { value: plain(value), interval: bounds(plain), unit: "own" };
  }
  if (percent !== null && base && unit !== "dB") {
    const relative = (part: number) => signedPercent((100 * part) / Math.abs(base), locale);
    return { value: signedPercent(percent, locale), interval: bounds(relative), unit: "own" };
  }
  const absolute = (part: number) => `${sign(part)}${formatQuantity(part, unit, locale)}`;
  return { value: absolute(value), interval: bounds(absolute), unit: "own" };
}
