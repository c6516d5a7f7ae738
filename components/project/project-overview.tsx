"use client";

import { Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { NotesPanel } from "#components/note/notes-panel.tsx";
import { organisationHref } from "#components/shell/rooms.ts";
import { Columns } from "#components/ui/columns.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { ProjectRow } from "#contracts/organisation.ts";
import { FirstSteps } from "./first-steps.tsx";
import { LatestExperiments } from "./latest-experiments.tsx";
import { ProjectCounts } from "./project-counts.tsx";

export interface ProjectOverviewProps {
  readonly org: string;
  /** The organisation's name. */
  readonly organisation: string;
  readonly project: Loaded<ProjectRow>;
}

/** The question of a project, what is in it, and what to do next. */
export function ProjectOverview({ org, organisation, project }: ProjectOverviewProps) {
  const t = useTranslations("project");
  const trpc = useTRPC();
  const { data } = useLoaded(trpc.project.get.queryOptions({ org, project: project.data.slug }), project);
  return (
    <>
      <PageHeader
        title={data.name}
        meta={
          <>
            {data.question !== "" && <span>{data.question}</span>}
            <span>{t("team", { team: data.team })}</span>
          </>
        }
        crumbs={[{ label: organisation, href: organisationHref(org) }]}
      />
      <ProjectCounts org={org} project={data} />
      {data.counts.experiments === 0 ? (
        <Stack gap="md">
          <FirstSteps org={org} project={data} />
          <NotesPanel subject="project" subjectId={data.id} />
        </Stack>
      ) : (
        <Columns side={<LatestExperiments count={data.counts.experiments} />}>
          <NotesPanel subject="project" subjectId={data.id} />
        </Columns>
      )}
    </>
  );
}
