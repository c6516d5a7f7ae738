"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { isFraction } from "#contracts/metric.ts";
import { parseSpec } from "./column-spec.ts";

/** The head of a column in words; long where a card has room for it. */
export function useColumnLabel(): (id: string, isLong?: boolean) => string {
  const t = useTranslations("experiment.table");
  const text = useMetricText();
  return useCallback(
    (id, isLong) => {
      if (id === "recipe" || id === "state" || id === "select") return t(`heads.${id}`);
      const spec = parseSpec(id);
      if (!spec) return id;
      const name = text.short(spec.metric);
      if (spec.kind === "change")
        return isFraction(spec.metric) ? t("changePoints", { name }) : t("change", { name });
      if (spec.kind === "ratio") return isLong ? t("ratioLong", { name }) : t("ratio", { name });
      return isFraction(spec.metric) ? t("percent", { name }) : name;
    },
    [t, text],
  );
}
