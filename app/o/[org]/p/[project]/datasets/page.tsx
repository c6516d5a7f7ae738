import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DatasetList } from "#components/dataset/dataset-list.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("dataset");
  return { title: t("title") };
}

export default async function DatasetsPage({ params }: Props) {
  const at = await params;
  return <DatasetList loaded={await load((api) => api.dataset.list(at))} />;
}
