"use client";

import { useTranslations } from "next-intl";
import { allows, type OrganisationAction } from "#contracts/policy.ts";
import { useShell } from "./context.tsx";

/**
 * May the reader take this action in the open organisation, and if not, the sentence that says why. Absent buttons
 * are better than disabled ones, except where a reader would look for them.
 */
export function usePermit(action: OrganisationAction): { allowed: boolean; reason: string | undefined } {
  const t = useTranslations("common");
  const { organisation } = useShell();
  if (!organisation) return { allowed: false, reason: undefined };
  const allowed = allows(organisation.role, action);
  return {
    allowed,
    reason: allowed ? undefined : t("noPermission", { role: t(`role.${organisation.role}`) }),
  };
}
