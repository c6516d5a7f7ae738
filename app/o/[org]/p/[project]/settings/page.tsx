import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProjectSettings } from "#components/project/project-settings.tsx";
import { projectHref } from "#components/shell/rooms.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { loadProject } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("project");
  return { title: t("settings") };
}

export default async function ProjectSettingsPage({ params }: Props) {
  const at = await params;
  const t = await getTranslations("project");
  const project = await loadProject(at.org, at.project);
  return (
    <>
      <PageHeader
        title={t("settings")}
        crumbs={[{ label: project.data.name, href: projectHref(at.org, at.project) }]}
      />
      <ProjectSettings org={at.org} project={project} />
    </>
  );
}
