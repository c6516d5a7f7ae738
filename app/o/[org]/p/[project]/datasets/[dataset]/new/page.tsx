import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RegisterDatasetPage } from "#components/dataset/register-page.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; dataset: string };

interface Props {
  readonly params: Promise<Params>;
}

const read = readOnce((at: Params) => load((api) => api.dataset.get(at)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("dataset.form");
  const { data } = await read(params);
  return { title: t("versionTitle", { name: data.name }) };
}

export default async function NewVersionPage({ params }: Props) {
  const { id, name, slug } = (await read(params)).data;
  return <RegisterDatasetPage dataset={{ id, name, slug }} />;
}
