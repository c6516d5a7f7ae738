import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OpenedLink } from "#components/share/opened.tsx";
import { PublicFrame } from "#components/shell/public-frame.tsx";
import { isSignedIn } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ token: string }>;
}

/** The title does not name what is shared: it would outlast the link in the browser's history. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("share.page");
  return {
    title: t("title"),
    robots: { index: false, follow: false, noarchive: true, nocache: true },
    referrer: "no-referrer",
  };
}

export default async function SharedLinkPage({ params }: Props) {
  const { token } = await params;
  return (
    <PublicFrame isMember={await isSignedIn()}>
      <OpenedLink token={token} />
    </PublicFrame>
  );
}
