import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EntranceCard } from "#components/entrance/card.tsx";
import { ResetRequestForm } from "#components/entrance/reset-request-form.tsx";
import { TextLink } from "#components/ui/links.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("resetTitle") };
}

export default async function ResetRequestPage() {
  const t = await getTranslations("auth");
  return (
    <EntranceCard
      title={t("resetTitle")}
      text={t("resetText")}
      foot={<TextLink href="/signin">{t("backToSignIn")}</TextLink>}
    >
      <ResetRequestForm />
    </EntranceCard>
  );
}
