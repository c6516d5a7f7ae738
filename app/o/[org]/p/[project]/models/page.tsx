import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ModelList } from "#components/model/model-list.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("model");
  return { title: t("title") };
}

export default async function ModelsPage({ params }: Props) {
  const at = await params;
  return <ModelList loaded={await load((api) => api.model.list(at))} />;
}
