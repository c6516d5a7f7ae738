import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { RunActions } from "#components/benchmark/run-actions.tsx";
import { NotesPanel } from "#components/note/notes-panel.tsx";
import { RunPage } from "#components/run/run-page.tsx";
import { runId as runIdInput } from "#contracts/run.ts";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; id: string };

interface Props {
  readonly params: Promise<Params>;
}

/** Lines of the log that come with the page; the stream brings what follows. */
const lines = 1_000;

const read = readOnce(async ({ org, id }: Params) => {
  const parsed = runIdInput.safeParse({ runId: id });
  if (!parsed.success) notFound();
  const { runId } = parsed.data;
  return { org, runId, run: await load((api) => api.run.get({ org, runId })) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { run } = await read(params);
  const t = await getTranslations("run");
  const recipe = run.data.isBaseline ? t("baseline") : run.data.recipeName;
  return { title: t("title", { number: run.data.number, recipe }) };
}

export default async function RunRoute({ params }: Props) {
  const { org, runId, run } = await read(params);
  const { experimentId, lastSeq } = run.data;
  const [log, experiment] = await Promise.all([
    // The newest lines: a long log's beginning is of less interest than its end.
    load((api) => api.run.log({ org, runId, after: Math.max(0, lastSeq - lines), limit: lines })),
    load((api) => api.experiment.get({ org, experimentId })),
  ]);
  return (
    <RunPage
      loaded={run}
      log={log}
      experiment={experiment}
      actions={<RunActions key="actions" org={org} loaded={run} />}
      aside={<NotesPanel key="notes" subject="run" subjectId={runId} />}
    />
  );
}
