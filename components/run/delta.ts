import { decimalsFor, formatSigned, formatSignedPercent, isShownAsZero } from "#components/ui/format.ts";
import { formatQuantity } from "#components/ui/quantity.ts";
import type { Change, Finding } from "#contracts/change.ts";
import { isFraction, isPlainNumber } from "#contracts/metric.ts";

export interface DeltaText {
  /** Signed: −0.43 or −74 % or +0.2 ms. */
  readonly value: string;
  /** [−0.66, −0.21], in the value's unit; null without one. */
  readonly interval: string | null;
  /** `points` are hundredths of a fraction; other values carry their own unit. */
  readonly unit: "points" | "own";
  /** Where the value goes as it is shown; `tiny` is a real difference that vanishes at this precision. */
  readonly direction: "up" | "down" | "none";
  readonly finding: Finding | "tiny";
}

/** A quantity with its sign; none where it is shown as zero. */
export function signedQuantity(value: number, unit: string, locale: string): string {
  const text = formatQuantity(Math.abs(value), unit, locale);
  if (value === 0 || isShownAsZero(text)) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}

/**
 * A change against the baseline as text: fractions in points, numbers without a unit as differences, decibels in
 * decibels (being logarithms, they have no per cent), others in per cent of the baseline where it is known.
 */
export function formatDelta(id: string, change: Change, unit: string, locale: string): DeltaText {
  const { value, percent, low, high, base } = change;
  const said = (text: string) => {
    const isZero = isShownAsZero(text);
    const isTiny = isZero && (change.finding === "better" || change.finding === "worse");
    return {
      value: text,
      direction: isZero ? "none" : value > 0 ? "up" : "down",
      finding: isTiny ? "tiny" : change.finding,
    } as const;
  };
  const bounds = (format: (part: number) => string) =>
    low === null || high === null ? null : `[${format(low)}, ${format(high)}]`;
  if (isFraction(id) || unit === "fraction") {
    const points = (part: number) => formatSigned(part * 100, locale, 2);
    return { ...said(points(value)), interval: bounds(points), unit: "points" };
  }
  if (isPlainNumber(id)) {
    const decimals = decimalsFor([value, low ?? 0, high ?? 0]);
    const plain = (part: number) => formatSigned(part, locale, decimals);
    return { ...said(plain(value)), interval: bounds(plain), unit: "own" };
  }
  if (percent !== null && base && unit !== "dB") {
    const relative = (part: number) => formatSignedPercent(part / Math.abs(base), locale);
    return { ...said(formatSignedPercent(percent / 100, locale)), interval: bounds(relative), unit: "own" };
  }
  const absolute = (part: number) => signedQuantity(part, unit, locale);
  return { ...said(absolute(value)), interval: bounds(absolute), unit: "own" };
}
