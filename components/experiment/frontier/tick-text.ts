import { decimalsFor, formatNumber, formatPercent } from "#components/ui/format.ts";
import { formatQuantity } from "#components/ui/quantity.ts";

/** A tick with as many decimals as tell it from its neighbours: 97.5%, not 97.50%, and 0.99995 beside 1. */
export function tickText(value: number, ticks: readonly number[], unit: string, locale: string): string {
  if (unit === "1") return plainTick(value, ticks, locale);
  if (unit !== "fraction") return formatQuantity(value, unit, locale);
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) * 100;
  const decimals = [0, 1, 2, 3].find(
    (digits) => Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-6,
  );
  return formatPercent(value, locale, decimals ?? 3);
}

function plainTick(value: number, ticks: readonly number[], locale: string): string {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  // Steps are 1, 2, 2.5 or 5 times a power of ten: two digits of a step are all of it.
  const rounded = Number(value.toFixed(decimalsFor([step])));
  return formatNumber(rounded, locale, Math.max(4, decimalsFor([step]) + 1));
}
