"use client";

import { useLocale, useTranslations } from "next-intl";
import type { Field, FieldOf } from "#contracts/step-form.ts";
import { numberText } from "../words/number-text.ts";
import { useTechniqueWords } from "../words/technique-words.ts";
import { useValueText } from "../words/use-value-text.ts";

export interface FieldWords {
  readonly label: string;
  /** What it means. */
  readonly help: string;
  /** What fits, and what holds where it is left out. */
  readonly facts: string;
}

/** Label and help of an option's field. */
export function useFieldWords(): (use: string, field: Field) => FieldWords {
  const t = useTranslations("recipe.form");
  const words = useTechniqueWords();
  const value = useValueText();
  const range = useRange();
  const locale = useLocale();
  // A number is written as the bounds beside it are.
  const fallbackText = (fallback: unknown) =>
    typeof fallback === "number" ? numberText(fallback, locale) : value(fallback);
  return (use, field) => {
    const { label, help } = words.option(use, field.path);
    const fits = field.kind === "number" ? range(field) : "";
    const isSaid =
      (field.kind === "number" || field.kind === "choice" || field.kind === "text") &&
      field.fallback !== undefined;
    const byDefault = isSaid ? t("default", { value: fallbackText(field.fallback) }) : "";
    const facts = [fits, byDefault].filter((part) => part !== "").join(" · ");
    return { label, help, facts };
  };
}

function useRange(): (field: FieldOf<"number">) => string {
  const t = useTranslations("recipe.form");
  const locale = useLocale();
  return ({ min, max, isMinOpen, isMaxOpen }) => {
    const [low, high] = [min, max].map((bound) => (bound === undefined ? "" : numberText(bound, locale)));
    const bounds = { min: low ?? "", max: high ?? "" };
    if (min === undefined && max === undefined) return "";
    if (max === undefined) return t(isMinOpen ? "above" : "from", bounds);
    if (min === undefined) return t(isMaxOpen ? "below" : "to", bounds);
    if (isMinOpen) return t(isMaxOpen ? "aboveBelow" : "aboveTo", bounds);
    return t(isMaxOpen ? "fromBelow" : "between", bounds);
  };
}
