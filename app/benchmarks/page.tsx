import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { Frame } from "#app/frame.tsx";
import { BoardList } from "#components/benchmark/board-list.tsx";
import { BoardStart } from "#components/benchmark/board-start.tsx";
import { loadBoardSearch } from "#components/benchmark/search.ts";
import { LinkButton } from "#components/ui/links.tsx";
import { load } from "#server/entry/load.ts";
import { queryOf, readerOrganisation } from "./reader.ts";

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("benchmark");
  return { title: t("title"), description: t("leadPublic"), robots: { index: true, follow: true } };
}

export default async function BenchmarksPage({ searchParams }: Props) {
  const t = await getTranslations("benchmark");
  const wanted = (await loadBoardSearch(searchParams)).org;
  const organisation = await readerOrganisation(wanted);
  const rows = organisation
    ? await load((api) => api.benchmark.list({ org: organisation.slug }))
    : await load((api) => api.benchmark.publicList());
  return (
    <Frame isPublic org={organisation?.slug}>
      <BoardList
        rows={rows.data}
        organisation={organisation}
        query={queryOf(wanted, organisation)}
        start={
          organisation ? (
            <BoardStart />
          ) : (
            <LinkButton href="/signin?next=/benchmarks">{t("empty.signIn")}</LinkButton>
          )
        }
      />
    </Frame>
  );
}
