import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RegisterModelPage } from "#components/model/register-page.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; model: string };

interface Props {
  readonly params: Promise<Params>;
}

const read = readOnce((at: Params) => load((api) => api.model.get(at)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("model.form");
  const { data } = await read(params);
  return { title: t("versionTitle", { name: data.name }) };
}

export default async function NewVersionPage({ params }: Props) {
  const { id, name, slug } = (await read(params)).data;
  return <RegisterModelPage model={{ id, name, slug }} />;
}
