import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RegisterDatasetPage } from "#components/dataset/register-page.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; dataset: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const at = await params;
  const t = await getTranslations("dataset.form");
  const { data } = await load((api) => api.dataset.get(at));
  return { title: t("versionTitle", { name: data.name }) };
}

export default async function NewVersionPage({ params }: Props) {
  const at = await params;
  const { id, name, slug } = (await load((api) => api.dataset.get(at))).data;
  return <RegisterDatasetPage dataset={{ id, name, slug }} />;
}
