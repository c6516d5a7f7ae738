"use client";

import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import { formatNumber } from "./format.ts";

/** How many times smaller or faster, in the reader's words: 26×. */
export function useRatio(): (value: number) => string {
  const t = useTranslations("common");
  const locale = useLocale();
  return useCallback((value) => t("times", { amount: formatNumber(value, locale, 2) }), [t, locale]);
}
