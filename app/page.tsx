import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Landing } from "#components/landing/landing.tsx";
import { PublicFrame } from "#components/shell/public-frame.tsx";
import { isSignedIn } from "#server/entry/load.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return { title: { absolute: `${t("brand")} · ${t("tagline")}` }, robots: { index: true, follow: true } };
}

export default async function LandingPage() {
  const isMember = await isSignedIn();
  return (
    <PublicFrame isMember={isMember}>
      <Landing isMember={isMember} />
    </PublicFrame>
  );
}
