import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EntranceCard } from "#components/entrance/card.tsx";
import { ResetForm } from "#components/entrance/reset-form.tsx";
import { TextLink } from "#components/ui/links.tsx";

interface Props {
  readonly params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("resetSetTitle") };
}

export default async function ResetPage({ params }: Props) {
  const { token } = await params;
  const t = await getTranslations("auth");
  return (
    <EntranceCard
      title={t("resetSetTitle")}
      text={t("resetSetText")}
      foot={<TextLink href="/signin">{t("backToSignIn")}</TextLink>}
    >
      <ResetForm token={token} />
    </EntranceCard>
  );
}
