import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { RecipeEditorPage } from "#components/recipe/editor/editor-page.tsx";
import { launchHrefOf, loadEditorSearch } from "#components/recipe/search.ts";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; recipe: string };

interface Props {
  readonly params: Promise<Params>;
  readonly searchParams: Promise<SearchParams>;
}

const read = readOnce((at: Params) => load((api) => api.recipe.get(at)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("recipe.editor");
  return { title: t("editTitle", { name: (await read(params)).data.name }) };
}

/** The next version of a recipe, beginning with one that it has. */
export default async function EditRecipePage({ params, searchParams }: Props) {
  const { org, project } = await params;
  const search = await loadEditorSearch(searchParams);
  const [{ data }, presets] = await Promise.all([read(params), load((api) => api.recipe.presets({ org }))]);
  const version =
    search.from === null ? data.versions[0] : data.versions.find((one) => one.number === search.from);
  if (!version) notFound();
  return (
    <RecipeEditorPage
      presets={presets.data}
      start={version.recipe ?? undefined}
      of={{ slug: data.slug, name: data.name, number: version.number }}
      launchHref={launchHrefOf(`/o/${org}/p/${project}`, search)}
    />
  );
}
