import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DatasetPage } from "#components/dataset/dataset-page.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; dataset: string; version: string }>;
}

async function read({ params }: Props) {
  const { version, ...at } = await params;
  if (!/^\d{1,6}$/.test(version)) notFound();
  return Promise.all([
    load((api) => api.dataset.get(at)),
    load((api) => api.dataset.version({ ...at, number: Number(version) })),
  ]);
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [dataset, version] = await read(props);
  const t = await getTranslations("dataset");
  return { title: `${dataset.data.name} ${t("version", { number: version.data.number })}` };
}

export default async function DatasetVersionPage(props: Props) {
  const [dataset, version] = await read(props);
  return <DatasetPage dataset={dataset} version={version} />;
}
