"use client";

import { useTranslations } from "next-intl";
import { type StepDraft, withoutDefaults } from "#contracts/step-options.ts";
import { useTechniqueWords } from "./technique-words.ts";
import { useValueText } from "./use-value-text.ts";

export interface OptionFact {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** The options of a step that differ from its defaults, in words. */
export function useOptionFacts(): (step: StepDraft) => OptionFact[] {
  const words = useTechniqueWords();
  const text = useValueText();
  return (step) =>
    Object.entries(withoutDefaults(step)).map(([key, value]) => ({
      key,
      label: words.option(step.use, [key]).label,
      value: text(value),
    }));
}

/** The same in one line; "defaults" where none differs. */
export function useOptionLine(): (step: StepDraft) => string {
  const t = useTranslations("recipe.editor");
  const common = useTranslations("common");
  const facts = useOptionFacts();
  return (step) => {
    const parts = facts(step).map(({ label, value }) => common("labelled", { name: label, value }));
    return parts.length === 0 ? t("defaults") : parts.join(" · ");
  };
}
