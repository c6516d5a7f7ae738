import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OrganisationHome } from "#components/organisation/organisation-home.tsx";
import { load, loadOrganisation } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { org } = await params;
  const t = await getTranslations("organisation");
  const { data } = await loadOrganisation(org);
  return { title: `${t("projects")} · ${data.name}` };
}

export default async function OrganisationPage({ params }: Props) {
  const { org } = await params;
  const [organisation, teams] = await Promise.all([
    loadOrganisation(org),
    load((api) => api.team.list({ org })),
  ]);
  return <OrganisationHome org={org} organisation={organisation} teams={teams} />;
}
