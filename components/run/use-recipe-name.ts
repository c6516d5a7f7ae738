"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";

interface Named {
  readonly recipeName: string;
  readonly isBaseline: boolean;
}

/** The name of a run's recipe; the baseline has none that a person chose and is named in the reader's language. */
export function useRecipeName(): (run: Named) => string {
  const t = useTranslations("run");
  return useCallback((run) => (run.isBaseline ? t("baseline") : run.recipeName), [t]);
}
