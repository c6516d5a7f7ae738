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
  const isFirst = organisations.data.length === 0;
  return (
    <>
      <PageHeader
        title={isFirst ? t("welcome") : t("listTitle")}
        meta={isFirst ? t("welcomeText") : t("listText")}
      />
      <Columns
        side={
          <Panel title={t("createTitle")}>
            <CreateOrganisation />
          </Panel>
        }
      >
        <Panel title={t("yours")} flush={!isFirst}>
          {isFirst ? t("noneYet") : <OrganisationList />}
        </Panel>
      </Columns>
    </>
  );
}
