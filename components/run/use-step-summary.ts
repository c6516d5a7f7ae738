"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatNumber, formatShare } from "#components/ui/format.ts";
import { useList } from "#components/ui/use-list.ts";
import { defaultSparsity } from "#engine/passes/prune.magnitude.schema.ts";
import { stepSchema } from "#engine/passes/step.schema.ts";
import type { Recipe } from "#engine/recipe.schema.ts";

type Step = Recipe["steps"][number];

/** Options of a step that are not the schema's defaults, by their names in recipes. */
function changedOptions(step: Step): string[] {
  const defaults: Readonly<Record<string, unknown>> = stepSchema.safeParse({ use: step.use }).data ?? {};
  return Object.entries(step).flatMap(([name, value]) => {
    if (name === "use" || JSON.stringify(value) === JSON.stringify(defaults[name])) return [];
    return [`${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`];
  });
}

/** A step in few words: the technique by its name in recipes, and what differs from its defaults. */
export function useStepSummary(): (step: Step) => string {
  const t = useTranslations("run.stepWords");
  const locale = useLocale();
  const list = useList();
  const optionsOf = (step: Step): string[] => {
    const parts = (...words: (string | false)[]) => words.filter((word) => word !== false);
    switch (step.use) {
      case "prune.magnitude":
        return parts(
          step.threshold === undefined
            ? formatShare(step.sparsity ?? defaultSparsity, locale)
            : t("below", { threshold: formatNumber(step.threshold, locale) }),
          step.scope === "layer" && t("perLayer"),
          step.protect.length > 0 && t("protected", { count: step.protect.length }),
        );
      case "quantize.dynamic":
        return parts(
          step.weight_type,
          step.per_channel && t("perChannel"),
          step.reduce_range && t("sevenBits"),
        );
      case "cast.float16":
        return parts(!step.keep_io_types && t("inputsToo"));
      default:
        return changedOptions(step);
    }
  };
  return (step) => {
    const options = optionsOf(step);
    return options.length === 0 ? step.use : t("step", { use: step.use, options: list(options) });
  };
}
