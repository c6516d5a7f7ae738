import { formatCount, formatNumber } from "#components/ui/format.ts";

/** A bound or a default of an option: counts in full, so that they can be typed again; fractions shortened. */
export const numberText = (value: number, locale: string): string =>
  Number.isSafeInteger(value) ? formatCount(value, locale) : formatNumber(value, locale, 6);
