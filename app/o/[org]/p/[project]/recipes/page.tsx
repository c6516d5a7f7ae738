import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RecipeList } from "#components/recipe/recipe-list.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recipe"))("title") };
}

export default async function RecipesPage({ params }: Props) {
  const at = await params;
  const [loaded, archived] = await Promise.all([
    load((api) => api.recipe.list(at)),
    load((api) => api.recipe.list({ ...at, archived: true, limit: 1 })),
  ]);
  return <RecipeList loaded={loaded} hasArchived={archived.data.total > 0} />;
}
