"use client";

import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import { formatCount } from "#components/ui/format.ts";
import { useList } from "#components/ui/use-list.ts";
import { isRecord } from "#contracts/step-options.ts";

/** A value of an option in few words, as the file writes it where it is a number or a name. */
export function useValueText(): (value: unknown) => string {
  const t = useTranslations("recipe.form");
  const locale = useLocale();
  const list = useList();
  return useCallback(
    function words(value: unknown): string {
      if (typeof value === "boolean") return t(value ? "yes" : "no");
      if (value === null || value === undefined) return t("none");
      if (Array.isArray(value)) {
        if (value.length === 0) return t("none");
        return value.length > 3 ? formatCount(value.length, locale) : list(value.map(words));
      }
      if (isRecord(value)) {
        const entries = Object.entries(value);
        if (entries.length === 0) return t("none");
        if (entries.length > 3) return formatCount(entries.length, locale);
        return list(entries.map(([name, one]) => `${name} ${words(one)}`));
      }
      return String(value);
    },
    [t, locale, list],
  );
}
