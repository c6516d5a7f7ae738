import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { ComparePage } from "#components/compare/compare-page.tsx";
import { loadCompareSearch } from "#components/compare/search.ts";
import { compareInput } from "#contracts/run.ts";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("compare"))("title") };
}

export default async function CompareRoute({ params, searchParams }: Props) {
  const { org } = await params;
  const { runs } = await loadCompareSearch(searchParams);
  const input = compareInput.safeParse({ runIds: [...new Set(runs)] });
  if (!input.success) return <ComparePage loaded={undefined} runIds={[]} />;
  const { runIds } = input.data;
  return <ComparePage loaded={await load((api) => api.run.compare({ org, runIds }))} runIds={runIds} />;
}
