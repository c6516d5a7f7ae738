"use client";

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFolder, IconFolders, IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { projectHref } from "#components/shell/rooms.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { LinkRow, LinkRows } from "#components/ui/link-rows.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { OrganisationDetail, TeamRow } from "#contracts/organisation.ts";
import { CreateProject } from "./create-project.tsx";
import { useKindName } from "./names.ts";

export interface OrganisationHomeProps {
  readonly org: string;
  readonly organisation: Loaded<OrganisationDetail>;
  readonly teams: Loaded<TeamRow[]>;
}

/** The projects of an organisation. */
export function OrganisationHome({ org, ...loaded }: OrganisationHomeProps) {
  const t = useTranslations("organisation");
  const common = useTranslations("common");
  const kindName = useKindName();
  const trpc = useTRPC();
  const { data: organisation } = useLoaded(trpc.organisation.get.queryOptions({ org }), loaded.organisation);
  const { data: teams } = useLoaded(trpc.team.list.queryOptions({ org }), loaded.teams);
  const create = usePermit("project.create");
  const [isCreating, dialog] = useDisclosure(false);
  const button = create.allowed ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      {t("newProject")}
    </Button>
  ) : undefined;
  const isEmpty = organisation.projects.length === 0;
  return (
    <>
      <PageHeader
        title={organisation.name}
        meta={
          <>
            <span>{kindName(organisation.kind)}</span>
            <span>{t("yourRole", { role: common(`role.${organisation.role}`) })}</span>
          </>
        }
        actions={isEmpty ? undefined : button}
      />
      <Panel
        title={t("projects")}
        hint={isEmpty ? undefined : t("projectCount", { count: organisation.projects.length })}
        flush={!isEmpty}
      >
        {isEmpty ? (
          <EmptyState icon={<IconFolders size={22} />} title={t("noProjects")} actions={button}>
            {create.allowed ? t("noProjectsText") : t("noProjectsReader")}
          </EmptyState>
        ) : (
          <LinkRows>
            {organisation.projects.map((row) => (
              <LinkRow
                key={row.slug}
                href={projectHref(org, row.slug)}
                icon={<IconFolder size={18} stroke={1.6} />}
                title={row.name}
                text={row.question}
                aside={t("projectFacts", {
                  team: row.team,
                  models: row.counts.models,
                  experiments: row.counts.experiments,
                })}
              />
            ))}
          </LinkRows>
        )}
      </Panel>
      <FormDialog opened={isCreating} onClose={dialog.close} title={t("newProject")}>
        <CreateProject org={org} teams={teams} onCancel={dialog.close} />
      </FormDialog>
    </>
  );
}
