import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { RecipeEditorPage } from "#components/recipe/editor/editor-page.tsx";
import { launchHrefOf, loadEditorSearch } from "#components/recipe/search.ts";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recipe.editor"))("newTitle") };
}

/** Under "-", which is no recipe's address: a recipe may be called "new". */
export default async function NewRecipePage({ params, searchParams }: Props) {
  const { org, project } = await params;
  const search = await loadEditorSearch(searchParams);
  const presets = await load((api) => api.recipe.presets({ org }));
  return (
    <RecipeEditorPage presets={presets.data} launchHref={launchHrefOf(`/o/${org}/p/${project}`, search)} />
  );
}
