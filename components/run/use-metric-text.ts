"use client";

import { useLocale, useMessages, useTranslations } from "next-intl";
import { useMemo } from "react";
import { formatQuantity } from "#components/ui/quantity.ts";
import { parseMetricId } from "#contracts/measurement.ts";
import type { Messages } from "#i18n/messages.ts";

type Known = keyof Messages["run"]["metric"];

export interface MetricText {
  /** In full, with the split: "Top-1 accuracy on test". */
  readonly name: (id: string) => string;
  /** For a column's head. */
  readonly short: (id: string) => string;
  /** What the quantity means, in a sentence; undefined for one that this version does not know. */
  readonly help: (id: string) => string | undefined;
  readonly quantity: (value: number, unit: string) => string;
}

/** Names of metrics in the reader's language; a metric of a newer engine is shown by its own name. */
export function useMetricText(): MetricText {
  const t = useTranslations("run");
  const locale = useLocale();
  const { metric } = useMessages().run;
  return useMemo(() => {
    const isKnown = (name: string): name is Known => Object.hasOwn(metric, name);
    const split = (words: string, of: string) => {
      const named = of === "test" || of === "train" || of === "tuning" || of === "calibration";
      return named ? t("onSplit", { name: words, split: t(`split.${of}`) }) : words;
    };
    return {
      name: (id) => {
        const parsed = parseMetricId(id);
        return split(isKnown(parsed.name) ? t(`metric.${parsed.name}.name`) : parsed.name, parsed.split);
      },
      short: (id) => {
        const { name, split: of } = parseMetricId(id);
        const words = isKnown(name) ? t(`metric.${name}.short`) : name;
        // The test split is what is meant where nothing is said.
        return of === "test" ? words : split(words, of);
      },
      help: (id) => {
        const { name } = parseMetricId(id);
        return isKnown(name) ? t(`metric.${name}.help`) : undefined;
      },
      quantity: (value, unit) => formatQuantity(value, unit, locale),
    };
  }, [t, locale, metric]);
}
