import { notFound, redirect } from "next/navigation";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; model: string }>;
}

/** A model is looked at by version: the newest one that can be used, else the newest. */
export default async function LatestModelPage({ params }: Props) {
  const at = await params;
  const { versions } = (await load((api) => api.model.get(at))).data;
  const latest = versions.find((version) => version.state === "ready") ?? versions[0];
  if (!latest) notFound();
  redirect(`/o/${at.org}/p/${at.project}/models/${at.model}/${latest.number}`);
}
