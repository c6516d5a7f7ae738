"use client";

import { useTranslations } from "next-intl";

const known = ["metered", "modelled", "imported", "planned"] as const;

/** A tier in words; a dash where a board has none, because its baseline lacks the value. */
export function useTierName(): (tier: string) => string {
  const t = useTranslations("common.tier");
  return (tier) => {
    const found = known.find((each) => each === tier);
    return found ? t(found) : "—";
  };
}
