import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NotFoundState } from "#components/shell/not-found-state.tsx";
import { PublicFrame } from "#components/shell/public-frame.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common.notFound");
  return { title: t("title") };
}

export default function NotFound() {
  return (
    <PublicFrame isQuiet>
      <NotFoundState />
    </PublicFrame>
  );
}
