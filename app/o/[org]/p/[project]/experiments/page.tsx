import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ExperimentList } from "#components/experiment/experiment-list.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("experiment"))("title") };
}

export default async function ExperimentsPage({ params }: Props) {
  const { org, project } = await params;
  return <ExperimentList loaded={await load((api) => api.experiment.list({ org, project }))} />;
}
