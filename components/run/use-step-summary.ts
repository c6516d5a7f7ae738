"use client";

import { useLocale, useTranslations } from "next-intl";
import { useOptionFacts } from "#components/recipe/words/use-option-facts.ts";
import { formatNumber, formatShare } from "#components/ui/format.ts";
import { useList } from "#components/ui/use-list.ts";
import { draftOfStep } from "#contracts/step-options.ts";
import { defaultSparsity } from "#engine/passes/prune.magnitude.schema.ts";
import type { Recipe } from "#engine/recipe.schema.ts";

type Step = Recipe["steps"][number];

/** A step in few words: the technique by its name in recipes, and what differs from its defaults. */
export function useStepSummary(): (step: Step) => string {
  const t = useTranslations("run.stepWords");
  const locale = useLocale();
  const list = useList();
  const facts = useOptionFacts();
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
        return facts(draftOfStep(step)).map(({ label, value }) => `${label} ${value}`);
    }
  };
  return (step) => {
    const options = optionsOf(step);
    return options.length === 0 ? step.use : t("step", { use: step.use, options: list(options) });
  };
}
