import { Box } from "@mantine/core";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CreateOrganisation } from "#components/organisation/create-organisation.tsx";
import { OrganisationList } from "#components/organisation/organisation-list.tsx";
import { Columns } from "#components/ui/columns.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { load } from "#server/entry/load.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("organisation");
  return { title: t("listTitle") };
}

export default async function OrganisationsPage() {
  const t = await getTranslations("organisation");
  const organisations = await load((api) => api.organisation.list());
  const create = (
    <Panel title={t("createTitle")}>
      <CreateOrganisation />
    </Panel>
  );
  if (organisations.data.length === 0) {
    return (
      <>
        <PageHeader title={t("welcome")} meta={t("welcomeText")} />
        <Box maw={480}>{create}</Box>
      </>
    );
  }
  return (
    <>
      <PageHeader title={t("listTitle")} meta={t("listText")} />
      <Columns side={create}>
        <Panel title={t("yours")} flush>
          <OrganisationList />
        </Panel>
      </Columns>
    </>
  );
}
