import { Box } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { safeNext } from "#components/api/session-ended.ts";
import { EntranceCard } from "#components/entrance/card.tsx";
import { SignInForm } from "#components/entrance/sign-in-form.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { isSignedIn } from "#server/entry/load.ts";

interface Props {
  readonly searchParams: Promise<{ next?: string | string[]; reason?: string | string[] }>;
}

/** Why somebody finds themselves here. */
const reasons = ["ended", "out", "password"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("signIn") };
}

export default async function SignInPage({ searchParams }: Props) {
  const { next: asked, reason } = await searchParams;
  const next = safeNext(typeof asked === "string" ? asked : undefined);
  if (await isSignedIn()) redirect(next);
  const t = await getTranslations("auth");
  const said = reasons.find((each) => each === reason);
  return (
    <EntranceCard
      title={t("signIn")}
      text={t("signInText")}
      foot={t.rich("noAccount", {
        link: (chunks) => <TextLink href={`/signup?next=${encodeURIComponent(next)}`}>{chunks}</TextLink>,
      })}
    >
      {said && (
        <Box mb="md">
          <Notice tone={said === "ended" ? "warning" : "done"} role="status">
            {t(`reason.${said}`)}
          </Notice>
        </Box>
      )}
      <SignInForm next={next} />
    </EntranceCard>
  );
}
