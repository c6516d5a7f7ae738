import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { ExperimentPage } from "#components/experiment/experiment-page.tsx";
import { pageSize } from "#components/experiment/page-size.ts";
import { loadExperimentSearch } from "#components/experiment/search.ts";
import { viewOf } from "#components/experiment/view.ts";
import { NotesPanel } from "#components/note/notes-panel.tsx";
import { ShareButton } from "#components/share/share-button.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; number: string };

interface Props {
  readonly params: Promise<Params>;
  readonly searchParams: Promise<SearchParams>;
}

const read = readOnce(async ({ org, project, number }: Params) => {
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  return { org, loaded: await load((api) => api.experiment.get({ org, project, number: Number(number) })) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await read(params)).loaded.data.question };
}

export default async function ExperimentRoute({ params, searchParams }: Props) {
  const { org, loaded } = await read(params);
  const { columns } = viewOf(loaded.data, await loadExperimentSearch(searchParams));
  const input = { org, experimentId: loaded.data.id, columns, limit: pageSize };
  return (
    <ExperimentPage
      loaded={loaded}
      runs={await load((api) => api.experiment.runs(input))}
      columns={columns}
      actions={<ShareButton key="share" org={org} subject="experiment" subjectId={loaded.data.id} />}
      aside={<NotesPanel key="notes" subject="experiment" subjectId={loaded.data.id} />}
    />
  );
}
