import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { cache } from "react";
import { Frame } from "#app/frame.tsx";
import { BoardPage } from "#components/benchmark/board-page.tsx";
import { loadBoardSearch } from "#components/benchmark/search.ts";
import { SubmitFromBoard } from "#components/benchmark/submit-from-board.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { leaderboardInput } from "#contracts/benchmark.ts";
import { allows } from "#contracts/policy.ts";
import { load } from "#server/entry/load.ts";
import { queryOf, readerOrganisation } from "../reader.ts";

interface Props {
  readonly params: Promise<{ slug: string }>;
  readonly searchParams: Promise<SearchParams>;
}

/** Once a request, for the title and the page alike. */
const read = cache(async (benchmark: string, wanted: string, by: string) => {
  const organisation = await readerOrganisation(wanted);
  const asked = { benchmark, ...(by !== "" && { by }) };
  const parsed = leaderboardInput.safeParse(asked);
  // A metric's name that cannot be one is left out; an address that cannot be one leads nowhere.
  const input = parsed.success ? parsed.data : leaderboardInput.safeParse({ benchmark }).data;
  if (!input) notFound();
  const { data } = organisation
    ? await load((api) => api.benchmark.get({ org: organisation.slug, ...input }))
    : await load((api) => api.benchmark.publicGet(input));
  return { organisation, board: data };
});

async function readFor({ params, searchParams }: Props) {
  const search = await loadBoardSearch(searchParams);
  return { ...(await read((await params).slug, search.org, search.by)), wanted: search.org };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { board } = await readFor(props);
  return {
    title: board.name,
    description: board.description.slice(0, 160),
    ...(board.isPublic && { robots: { index: true, follow: true } }),
  };
}

export default async function BenchmarkPage(props: Props) {
  const { organisation, board, wanted } = await readFor(props);
  const t = await getTranslations("benchmark.empty");
  const maySubmit = organisation !== undefined && allows(organisation.role, "benchmark.submit");
  return (
    <Frame isPublic org={organisation?.slug}>
      <BoardPage
        board={board}
        withdrawAs={maySubmit ? organisation.slug : undefined}
        query={queryOf(wanted, organisation)}
        actions={
          organisation ? (
            <SubmitFromBoard key="submit" />
          ) : (
            <LinkButton key="signin" href={`/signin?next=/benchmarks/${board.slug}`}>
              {t("signIn")}
            </LinkButton>
          )
        }
      />
    </Frame>
  );
}
