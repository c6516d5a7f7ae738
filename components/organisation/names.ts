"use client";

import { useTranslations } from "next-intl";
import { disciplines, organisationKinds } from "#contracts/organisation.ts";

/** Name of an organisation's kind; one that this version does not know is shown as it is stored. */
export function useKindName(): (kind: string) => string {
  const t = useTranslations("common.kind");
  return (kind) => {
    const known = organisationKinds.find((each) => each === kind);
    return known ? t(known) : kind;
  };
}

/** Name of a team's discipline, likewise. */
export function useDisciplineName(): (discipline: string) => string {
  const t = useTranslations("common.discipline");
  return (discipline) => {
    const known = disciplines.find((each) => each === discipline);
    return known ? t(known) : discipline;
  };
}

/** The disciplines as options of a select. */
export function useDisciplineOptions(): { value: (typeof disciplines)[number]; label: string }[] {
  const t = useTranslations("common.discipline");
  return disciplines.map((value) => ({ value, label: t(value) }));
}
