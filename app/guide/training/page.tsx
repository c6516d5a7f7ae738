import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Frame } from "#app/frame.tsx";
import { TrainingGuide } from "#components/guide/training-guide.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("guide.training");
  return { title: t("title"), description: t("lead") };
}

export default function TrainingGuidePage() {
  return (
    <Frame isPublic>
      <TrainingGuide />
    </Frame>
  );
}
