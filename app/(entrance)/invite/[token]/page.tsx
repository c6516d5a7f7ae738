import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { getFormatter, getTranslations } from "next-intl/server";
import { AcceptInvitation } from "#components/entrance/accept-invitation.tsx";
import { EntranceCard } from "#components/entrance/card.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { isSignedIn, loadOr } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("inviteTitle") };
}

export default async function InvitePage({ params }: Props) {
  const { token } = await params;
  const t = await getTranslations("auth");
  const common = await getTranslations("common");
  const found = await loadOr(["linkInvalid", "invalidInput"], (api) => api.invitation.preview({ token }));
  if (found === undefined) {
    return (
      <EntranceCard title={t("inviteInvalid")} text={t("inviteInvalidText")}>
        <LinkButton href="/o" variant="default" fullWidth>
          {common("errorPage.home")}
        </LinkButton>
      </EntranceCard>
    );
  }
  const { organisation, role, email, expiresAt } = found.data;
  const format = await getFormatter();
  const facts = {
    organisation,
    role: common(`role.${role}`),
    until: format.dateTime(expiresAt, { dateStyle: "long", timeStyle: "short" }),
  };
  const query = new URLSearchParams({ next: `/invite/${token}`, ...(email !== "" && { email }) });
  return (
    <EntranceCard
      title={t("inviteTo", { organisation })}
      text={email === "" ? t("inviteText", facts) : t("inviteTextFor", { ...facts, email })}
    >
      {(await isSignedIn()) ? (
        <AcceptInvitation token={token} organisation={organisation} />
      ) : (
        <Stack gap="xs">
          <LinkButton href={`/signup?${query}`} fullWidth>
            {t("inviteSignUp")}
          </LinkButton>
          <LinkButton href={`/signin?${query}`} variant="default" fullWidth>
            {t("inviteSignIn")}
          </LinkButton>
        </Stack>
      )}
    </EntranceCard>
  );
}
