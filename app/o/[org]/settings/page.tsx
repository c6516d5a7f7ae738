import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OrganisationSettings } from "#components/organisation/organisation-settings.tsx";
import { organisationHref } from "#components/shell/rooms.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { gridRegions } from "#server/entry/grid.ts";
import { loadOrganisation } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("organisation");
  return { title: t("settings") };
}

export default async function OrganisationSettingsPage({ params }: Props) {
  const { org } = await params;
  const t = await getTranslations("organisation");
  const organisation = await loadOrganisation(org);
  return (
    <>
      <PageHeader
        title={t("settings")}
        meta={t("settingsText")}
        crumbs={[{ label: organisation.data.name, href: organisationHref(org) }]}
      />
      <OrganisationSettings org={org} organisation={organisation} regions={gridRegions()} />
    </>
  );
}
