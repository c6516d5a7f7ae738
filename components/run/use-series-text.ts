"use client";

import { useLocale, useMessages, useTranslations } from "next-intl";
import { formatNumber } from "#components/ui/format.ts";
import { formatQuantity } from "#components/ui/quantity.ts";
import type { Messages } from "#i18n/messages.ts";

type Known = keyof Messages["run"]["series"];

/** Name and values of a live series in words; one that this version does not know by its own name. */
export function useSeriesText(name: string): { name: string; value: (value: number) => string } {
  const t = useTranslations("run.series");
  const locale = useLocale();
  const known = useMessages().run.series;
  const isKnown = (one: string): one is Known => Object.hasOwn(known, one);
  if (!isKnown(name)) return { name, value: (value) => formatNumber(value, locale, 4) };
  const amount = (value: number) =>
    name === "process/memory" ? formatQuantity(value, "B", locale) : formatNumber(value, locale, 3);
  return {
    name: t(`${name}.name`),
    value: (value) => t(`${name}.value`, { amount: amount(value) }),
  };
}
