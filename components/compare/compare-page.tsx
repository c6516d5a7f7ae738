"use client";

import { IconArrowsDiff } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useQueryStates } from "nuqs";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { compareInput, type RunComparison } from "#contracts/run.ts";
import { ClassesPanel } from "./classes-panel.tsx";
import styles from "./compare.module.css";
import { CompareTable } from "./compare-table.tsx";
import { ExamplesPanel } from "./examples-panel.tsx";
import { compareSearch } from "./search.ts";

export interface ComparePageProps {
  /** What the address asks for, read on the server; undefined where it asks for fewer than two runs. */
  readonly loaded: Loaded<RunComparison> | undefined;
  readonly runIds: readonly string[];
}

/** Runs side by side: measurements, per-item answers, classes. */
export function ComparePage(props: ComparePageProps) {
  return (
    <NuqsAdapter>
      <Page {...props} />
    </NuqsAdapter>
  );
}

function Page({ loaded, runIds }: ComparePageProps) {
  const t = useTranslations("compare");
  const place = usePlace();
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(compareSearch, { history: "replace", shallow: true });
  const ids = [...new Set(search.runs)];
  const input = compareInput.safeParse({ runIds: ids });
  const isAsLoaded = ids.join() === runIds.join();
  const comparison = useQuery({
    ...trpc.run.compare.queryOptions({ org: place.org, runIds: input.data?.runIds ?? [] }),
    enabled: input.success,
    placeholderData: keepPreviousData,
    ...(loaded && isAsLoaded && { initialData: loaded.data, initialDataUpdatedAt: loaded.at }),
  });
  const runs = comparison.data?.runs ?? [];
  const [first] = runs;
  if (!input.success || !first) {
    return (
      <>
        <PageHeader title={t("title")} crumbs={place.crumbs()} />
        <Panel>
          {comparison.error ? (
            <ErrorNote error={comparison.error} onRetry={() => void comparison.refetch()} />
          ) : (
            <EmptyState
              icon={<IconArrowsDiff size={24} stroke={1.6} />}
              title={t("empty.title")}
              actions={<LinkButton href={`${place.base}/experiments`}>{t("empty.action")}</LinkButton>}
            >
              {t("empty.text")}
            </EmptyState>
          )}
        </Panel>
      </>
    );
  }
  const other = runs.find((run) => run.id === search.with && run.id !== first.id) ?? runs[1];
  return (
    <>
      <PageHeader title={t("title")} meta={t("lead", { recipe: first.recipeName })} crumbs={crumbsOf(place, runs, useRoom())} />
      <ErrorNote error={comparison.error} onRetry={() => void comparison.refetch()} />
      <div className={styles.stack}>
        <CompareTable
          runs={runs}
          onlyDifferent={search.different}
          onOnlyDifferent={(different) => void setSearch({ different: different || null })}
          onFirst={(id) => void setSearch({ runs: [id, ...ids.filter((one) => one !== id)] })}
          onRemove={(id) => void setSearch({ runs: ids.filter((one) => one !== id) })}
        />
        {other && (
          <>
            <ExamplesPanel
              first={first}
              runs={runs}
              other={other}
              show={search.show}
              onShow={(show) => void setSearch({ show })}
              onOther={(id) => void setSearch({ with: id })}
            />
            <ClassesPanel first={first} other={other} />
          </>
        )}
      </div>
    </>
  );
}

function useRoom(): string {
  return useTranslations("shell.rooms")("experiments");
}

/** Runs of one experiment lead back to it. */
function crumbsOf(place: ReturnType<typeof usePlace>, runs: RunComparison["runs"], room: string) {
  const [first] = runs;
  const isOne = first && runs.every((run) => run.experimentId === first.experimentId);
  const list = { label: room, href: `${place.base}/experiments` };
  return [
    ...place.crumbs(),
    list,
    ...(isOne ? [{ label: first.question, href: `${list.href}/${first.experimentNumber}` }] : []),
  ];
}
