import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPlain,
  formatSi,
} from "./format.ts";

const gap = "\u202f";
const joulesPerKwh = 3.6e6;

/** Energy: joules with prefixes below one watt-hour, watt-hours with prefixes from there. */
function formatEnergy(kwh: number, locale: string): string {
  return Math.abs(kwh) < 1e-3
    ? formatSi(kwh * joulesPerKwh, "J", locale)
    : formatSi(kwh * 1000, "Wh", locale);
}

/**
 * A value in a unit of the measurements (engine/evaluate/measurement/names.ts) as text with its unit. A unit that is
 * not listed here is shown behind the number as it is; a three-letter unit in capitals is a currency.
 */
export function formatQuantity(value: number, unit: string, locale: string): string {
  switch (unit) {
    case "fraction":
      return formatPercent(value, locale, 2);
    case "B":
      return formatBytes(value, locale);
    case "count":
      return formatCount(value, locale);
    case "1":
      return formatPlain(value, locale);
    case "ms":
      return formatSi(value / 1000, "s", locale);
    case "s":
      return formatDuration(value, locale);
    case "kWh":
      return formatEnergy(value, locale);
    case "gCO2e":
      return `${formatSi(value, "g", locale)}${gap}CO₂e`;
    default:
      return /^[A-Z]{3}$/.test(unit)
        ? formatMoney(value, unit, locale)
        : `${formatNumber(value, locale)}${gap}${unit}`;
  }
}
