import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { chosenRuns, fewest } from "#components/compare/chosen.ts";
import { ComparePage } from "#components/compare/compare-page.tsx";
import { loadCompareSearch } from "#components/compare/search.ts";
import { projectHref } from "#components/shell/rooms.ts";
import type { RunDetail } from "#contracts/run.ts";
import { load, loadOr } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("compare"))("title") };
}

export default async function CompareRoute({ params, searchParams }: Props) {
  const { org, project } = await params;
  const { ids } = chosenRuns((await loadCompareSearch(searchParams)).runs);
  const whole = ids.length < fewest ? undefined : await compared(org, ids);
  // One ID that leads nowhere must not take the others along.
  const runs = whole?.data.runs ?? (await existing(org, ids));
  const experiment = await experimentOf(org, runs[0]);
  const runIds = runs.map((run) => run.id);
  if (experiment && experiment.data.projectSlug !== project) {
    // Under its own project navigation and links fit.
    redirect(`${projectHref(org, experiment.data.projectSlug)}/compare?runs=${runIds.join(",")}`);
  }
  return (
    <ComparePage
      experiment={experiment}
      loaded={whole ?? (runIds.length < fewest ? undefined : await compared(org, runIds))}
      only={runs.length === 1 ? runs[0] : undefined}
      missing={ids.filter((id) => !runIds.includes(id))}
    />
  );
}

function compared(org: string, runIds: readonly string[]) {
  return loadOr(["notFound"], (api) => api.run.compare({ org, runIds: [...runIds] }));
}

async function existing(org: string, ids: readonly string[]): Promise<RunDetail[]> {
  const found = await Promise.all(
    ids.map((runId) => loadOr(["notFound"], (api) => api.run.get({ org, runId }))),
  );
  return found.flatMap((run) => run?.data ?? []);
}

async function experimentOf(org: string, run: RunDetail | undefined) {
  return run && load((api) => api.experiment.get({ org, experimentId: run.experimentId }));
}
