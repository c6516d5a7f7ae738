import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OpenedGrant } from "#components/share/opened.tsx";

interface Props {
  readonly params: Promise<{ org: string; grantId: string }>;
}

/** The title does not name what is shared: it would outlast the grant in the browser's history. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("share.page");
  return { title: t("title"), robots: { index: false, follow: false } };
}

export default async function SharedGrantPage({ params }: Props) {
  return <OpenedGrant {...(await params)} />;
}
