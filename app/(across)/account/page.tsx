import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Account } from "#components/account/account.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { load } from "#server/entry/load.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("account");
  return { title: t("title") };
}

export default async function AccountPage() {
  const t = await getTranslations("account");
  const [me, sessions] = await Promise.all([
    load((api) => api.account.me()),
    load((api) => api.account.sessions()),
  ]);
  return (
    <>
      <PageHeader title={t("title")} meta={me.data.email} />
      <Account me={me} sessions={sessions} />
    </>
  );
}
