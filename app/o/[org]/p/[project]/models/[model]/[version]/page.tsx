import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ModelPage } from "#components/model/model-page.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; model: string; version: string }>;
}

async function read({ params }: Props) {
  const { version, ...at } = await params;
  if (!/^\d{1,6}$/.test(version)) notFound();
  return Promise.all([
    load((api) => api.model.get(at)),
    load((api) => api.model.version({ ...at, number: Number(version) })),
  ]);
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [model, version] = await read(props);
  const t = await getTranslations("model");
  return { title: `${model.data.name} ${t("version", { number: version.data.number })}` };
}

export default async function ModelVersionPage(props: Props) {
  const [model, version] = await read(props);
  return <ModelPage model={model} version={version} />;
}
