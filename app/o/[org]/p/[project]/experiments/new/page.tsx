import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { LaunchPage } from "#components/launch/launch-page.tsx";
import { loadLaunchSearch, parseVersion } from "#components/launch/search.ts";
import type { ModelRow } from "#contracts/model.ts";
import { load, loadOr } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
  readonly searchParams: Promise<SearchParams>;
}

/** Models and datasets to choose from; the newest come first. */
const limit = 200;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("experiment.launch"))("title") };
}

/** Saved recipes that the page offers. */
const recipeLimit = 12;

/** The saved version that the address asks for; undefined where there is none, or where it cannot be used any more. */
async function savedRecipe(org: string, project: string, wanted: string) {
  const at = parseVersion(wanted);
  if (!at) return undefined;
  const found = await loadOr(["notFound"], (api) => api.recipe.get({ org, project, recipe: at.slug }));
  const version = found?.data.versions.find(({ number }) => number === at.number);
  if (!found || !version?.recipe) return undefined;
  const { slug, name } = found.data;
  const { id, number, note, recipe } = version;
  return { slug, name, versionId: id, number, note, recipe };
}

/** Where there is one model, it is the one: its newest version that no run made. */
async function onlyModel(org: string, project: string, rows: readonly ModelRow[]) {
  const [row] = rows;
  if (!row || rows.length > 1) return undefined;
  const { data } = await load((api) => api.model.get({ org, project, model: row.slug }));
  const version = data.versions.find(({ state, runId }) => state === "ready" && runId === null);
  return version && { slug: row.slug, number: version.number };
}

export default async function LaunchRoute({ params, searchParams }: Props) {
  const { org, project } = await params;
  const search = await loadLaunchSearch(searchParams);
  const number = search.into;
  const [models, datasets, presets, recipes, recipe, into] = await Promise.all([
    load((api) => api.model.list({ org, project, limit })),
    load((api) => api.dataset.list({ org, project, limit })),
    load((api) => api.recipe.presets({ org })),
    load((api) => api.recipe.list({ org, project, limit: recipeLimit })),
    savedRecipe(org, project, search.recipe),
    number === null ? undefined : load((api) => api.experiment.get({ org, project, number })),
  ]);
  const model = parseVersion(search.model) ?? (await onlyModel(org, project, models.data.rows));
  return (
    <LaunchPage
      models={models}
      datasets={datasets}
      presets={presets.data}
      recipes={recipes.data}
      into={into?.data}
      model={model}
      dataset={parseVersion(search.dataset)}
      recipe={recipe}
    />
  );
}
