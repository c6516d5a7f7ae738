"use client";

import { useTranslations } from "next-intl";
import { useShell } from "#components/shell/context.tsx";
import { organisationHref, projectHref } from "#components/shell/rooms.ts";
import { LinkButton } from "#components/ui/links.tsx";

/** Where the runs are from which a board is opened: the open project's experiments, else the projects. */
export function BoardStart() {
  const t = useTranslations("benchmark.empty");
  const { organisation, project } = useShell();
  if (!organisation) return null;
  if (!project) return <LinkButton href={organisationHref(organisation.slug)}>{t("toProjects")}</LinkButton>;
  return (
    <LinkButton href={`${projectHref(organisation.slug, project.slug)}/experiments`}>
      {t("toExperiments")}
    </LinkButton>
  );
}
