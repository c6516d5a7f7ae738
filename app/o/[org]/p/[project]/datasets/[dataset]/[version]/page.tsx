import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DatasetPage } from "#components/dataset/dataset-page.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; dataset: string; version: string };

interface Props {
  readonly params: Promise<Params>;
}

const read = readOnce(async ({ version, ...at }: Params) => {
  if (!/^\d{1,6}$/.test(version)) notFound();
  return Promise.all([
    load((api) => api.dataset.get(at)),
    load((api) => api.dataset.version({ ...at, number: Number(version) })),
  ]);
});

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [dataset, version] = await read(props.params);
  const t = await getTranslations("dataset");
  return { title: `${dataset.data.name} ${t("version", { number: version.data.number })}` };
}

export default async function DatasetVersionPage(props: Props) {
  const [dataset, version] = await read(props.params);
  return <DatasetPage dataset={dataset} version={version} />;
}
