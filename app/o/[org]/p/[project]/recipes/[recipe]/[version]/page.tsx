import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { RecipePage } from "#components/recipe/recipe-page.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; recipe: string; version: string };

interface Props {
  readonly params: Promise<Params>;
}

const read = readOnce(async ({ version, ...at }: Params) => {
  const loaded = await load((api) => api.recipe.get(at));
  const number = Number(version);
  if (!loaded.data.versions.some((one) => one.number === number)) notFound();
  return { loaded, number };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { loaded, number } = await read(params);
  const t = await getTranslations("recipe");
  return { title: t("titled", { name: loaded.data.name, number }) };
}

export default async function RecipeVersionPage({ params }: Props) {
  return <RecipePage {...(await read(params))} />;
}
