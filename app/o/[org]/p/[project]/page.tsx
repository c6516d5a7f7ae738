import type { Metadata } from "next";
import { ProjectOverview } from "#components/project/project-overview.tsx";
import { loadOrganisation, loadProject } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const at = await params;
  const { data } = await loadProject(at.org, at.project);
  return { title: data.name };
}

export default async function ProjectPage({ params }: Props) {
  const at = await params;
  const [organisation, project] = await Promise.all([
    loadOrganisation(at.org),
    loadProject(at.org, at.project),
  ]);
  return <ProjectOverview org={at.org} organisation={organisation.data.name} project={project} />;
}
