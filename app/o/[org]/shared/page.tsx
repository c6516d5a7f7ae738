import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ReceivedList } from "#components/share/received-list.tsx";
import { organisationHref } from "#components/shell/rooms.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { load, loadOrganisation } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("share.received");
  return { title: t("title") };
}

export default async function SharedListPage({ params }: Props) {
  const { org } = await params;
  const t = await getTranslations("share.received");
  const [organisation, grants] = await Promise.all([
    loadOrganisation(org),
    load((api) => api.shared.list({ org })),
  ]);
  const { name } = organisation.data;
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={t("lead", { organisation: name })}
        crumbs={[{ label: name, href: organisationHref(org) }]}
      />
      <ReceivedList org={org} grants={grants} />
    </>
  );
}
