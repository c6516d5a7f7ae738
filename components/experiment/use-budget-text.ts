"use client";

import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import { formatNumber, formatPercent } from "#components/ui/format.ts";
import { isFraction, isPlainNumber } from "#contracts/metric.ts";

/** A budget in words: "1 point" for fractions, "0.01" for plain numbers, "1%" of the baseline for others. */
export function useBudgetText(): (quality: string, budget: number) => string {
  const t = useTranslations("experiment");
  const locale = useLocale();
  return useCallback(
    (quality, budget) => {
      const amount = Number((budget * 100).toFixed(2));
      if (isFraction(quality)) return t("points", { count: amount, amount: formatNumber(amount, locale, 3) });
      if (isPlainNumber(quality)) return formatNumber(budget, locale, 3);
      return formatPercent(budget, locale, Number.isInteger(amount) ? 0 : 2);
    },
    [t, locale],
  );
}
