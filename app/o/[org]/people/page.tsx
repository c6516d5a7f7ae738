import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { People } from "#components/people/people.tsx";
import { organisationHref } from "#components/shell/rooms.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { allows } from "#contracts/policy.ts";
import { load, loadOrganisation } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("people");
  return { title: t("title") };
}

export default async function PeoplePage({ params }: Props) {
  const { org } = await params;
  const t = await getTranslations("people");
  const [organisation, members, teams] = await Promise.all([
    loadOrganisation(org),
    load((api) => api.member.list({ org })),
    load((api) => api.team.list({ org })),
  ]);
  const invitations = allows(organisation.data.role, "invitation.read")
    ? await load((api) => api.invitation.list({ org }))
    : undefined;
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={t("text")}
        crumbs={[{ label: organisation.data.name, href: organisationHref(org) }]}
      />
      <People org={org} members={members} teams={teams} invitations={invitations} />
    </>
  );
}
