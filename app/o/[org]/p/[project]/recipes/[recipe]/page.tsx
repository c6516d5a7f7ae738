import { notFound, redirect } from "next/navigation";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; recipe: string }>;
}

/** A recipe is looked at by version: the newest one. */
export default async function LatestRecipePage({ params }: Props) {
  const at = await params;
  const [latest] = (await load((api) => api.recipe.get(at))).data.versions;
  if (!latest) notFound();
  redirect(`/o/${at.org}/p/${at.project}/recipes/${at.recipe}/${latest.number}`);
}
