"use client";

import { useTranslations } from "next-intl";
import { useShell } from "#components/shell/context.tsx";
import { organisationHref, projectHref } from "#components/shell/rooms.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { LinkButton } from "#components/ui/links.tsx";

/** Leads to the runs: an entry is submitted from its run's page. */
export function SubmitFromBoard() {
  const t = useTranslations("benchmark.rules");
  const { organisation, project } = useShell();
  const { allowed } = usePermit("benchmark.submit");
  if (!organisation || !allowed) return null;
  const href = project
    ? `${projectHref(organisation.slug, project.slug)}/experiments`
    : organisationHref(organisation.slug);
  return <LinkButton href={href}>{t("chooseRun")}</LinkButton>;
}
