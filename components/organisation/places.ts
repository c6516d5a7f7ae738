"use client";

import { useFormatter, useLocale, useTranslations } from "next-intl";

/** A place whose electricity is known: grams of CO₂e per kWh in a year. */
export interface GridRegion {
  readonly region: string;
  readonly gramsPerKWh: number;
  readonly year: number;
}

/** Regions whose names the messages give; those of all others are the platform's own (CLDR). */
const named = ["world", "HK", "TW"] as const;

/** Grid regions as options, named in the reader's language, with intensity and year. The world comes first. */
export function useRegionOptions(regions: readonly GridRegion[]): { value: string; label: string }[] {
  const locale = useLocale();
  const format = useFormatter();
  const t = useTranslations("organisation");
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const nameOf = (region: string) => {
    const own = named.find((each) => each === region);
    return own ? t(`region.${own}`) : (names.of(region) ?? region);
  };
  const options = regions.map(({ region, gramsPerKWh, year }) => ({
    value: region,
    name: nameOf(region),
    label: t("regionOption", { name: nameOf(region), grams: format.number(gramsPerKWh), year: String(year) }),
  }));
  const rank = (value: string) => (value === "world" ? 0 : 1);
  return options
    .sort((one, other) => rank(one.value) - rank(other.value) || one.name.localeCompare(other.name, locale))
    .map(({ value, label }) => ({ value, label }));
}

const currencies = [
  "USD",
  "EUR",
  "CNY",
  "GBP",
  "CHF",
  "JPY",
  "INR",
  "SGD",
  "CAD",
  "AUD",
  "BRL",
  "KRW",
] as const;

/** Common currencies, and the present one where it is another. */
export function useCurrencyOptions(present: string): { value: string; label: string }[] {
  const locale = useLocale();
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  return [...new Set<string>([...currencies, present])].map((value) => ({
    value,
    label: `${value} · ${names.of(value) ?? value}`,
  }));
}
