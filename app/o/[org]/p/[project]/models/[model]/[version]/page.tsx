import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ModelPage } from "#components/model/model-page.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; model: string; version: string };

interface Props {
  readonly params: Promise<Params>;
}

const read = readOnce(async ({ version, ...at }: Params) => {
  if (!/^\d{1,6}$/.test(version)) notFound();
  return Promise.all([
    load((api) => api.model.get(at)),
    load((api) => api.model.version({ ...at, number: Number(version) })),
    load((api) => api.model.lineage(at)),
  ]);
});

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [model, version] = await read(props.params);
  const t = await getTranslations("model");
  return { title: `${model.data.name} ${t("version", { number: version.data.number })}` };
}

export default async function ModelVersionPage(props: Props) {
  const [model, version, lineage] = await read(props.params);
  return <ModelPage model={model} version={version} lineage={lineage} />;
}
