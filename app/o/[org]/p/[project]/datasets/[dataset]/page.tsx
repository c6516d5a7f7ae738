import { notFound, redirect } from "next/navigation";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; dataset: string }>;
}

/** A dataset is looked at by version: the newest one that can be used, else the newest. */
export default async function LatestDatasetPage({ params }: Props) {
  const at = await params;
  const { versions } = (await load((api) => api.dataset.get(at))).data;
  const latest = versions.find((version) => version.state === "ready") ?? versions[0];
  if (!latest) notFound();
  redirect(`/o/${at.org}/p/${at.project}/datasets/${at.dataset}/${latest.number}`);
}
