import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { safeNext } from "#components/api/session-ended.ts";
import { EntranceCard } from "#components/entrance/card.tsx";
import { SignUpForm } from "#components/entrance/sign-up-form.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { isSignedIn } from "#server/entry/load.ts";

interface Props {
  readonly searchParams: Promise<{ next?: string | string[]; email?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("signUp") };
}

export default async function SignUpPage({ searchParams }: Props) {
  const { next: asked, email } = await searchParams;
  const next = safeNext(typeof asked === "string" ? asked : undefined);
  if (await isSignedIn()) redirect(next);
  const t = await getTranslations("auth");
  return (
    <EntranceCard
      title={t("signUp")}
      text={t("signUpText")}
      foot={t.rich("haveAccount", {
        link: (chunks) => <TextLink href={`/signin?next=${encodeURIComponent(next)}`}>{chunks}</TextLink>,
      })}
    >
      <SignUpForm next={next} email={typeof email === "string" ? email : undefined} />
    </EntranceCard>
  );
}
