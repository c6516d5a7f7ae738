"use client";

import { IconFlask, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { useShell } from "#components/shell/context.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { MoreButton } from "#components/ui/more-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { ExperimentRow } from "#contracts/experiment.ts";
import { Counts } from "./counts.tsx";
import styles from "./experiment.module.css";

interface ExperimentsPage {
  readonly rows: ExperimentRow[];
  readonly nextCursor: number | null;
}

/** While runs are under way the counts are read again this often. */
const refreshMs = 5_000;

/** The questions of a project, the newest first. */
export function ExperimentList({ loaded }: { loaded: Loaded<ExperimentsPage> }) {
  const t = useTranslations("experiment");
  const place = usePlace();
  const trpc = useTRPC();
  const list = useInfiniteQuery({
    ...trpc.experiment.list.infiniteQueryOptions(
      { org: place.org, project: place.project },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    initialData: { pages: [loaded.data], pageParams: [null] },
    initialDataUpdatedAt: loaded.at,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.rows.some(({ counts }) => counts.queued + counts.running > 0)) &&
      refreshMs,
  });
  const rows = list.data.pages.flatMap((page) => page.rows);
  const mayCreate = place.may("experiment.create");
  const start = (
    <LinkButton href={`${place.base}/experiments/new`} leftSection={<IconPlus size={16} aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={rows.length === 0 ? undefined : t("lead")}
        crumbs={place.crumbs()}
        actions={mayCreate && rows.length > 0 ? start : undefined}
      />
      <Panel flush>
        <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
        {rows.length === 0 ? (
          <Empty start={mayCreate ? start : undefined} />
        ) : (
          <List rows={rows} base={place.base} />
        )}
        <MoreButton pages={list} />
      </Panel>
    </>
  );
}

/** An experiment needs a model: without one, the way leads there first. */
function Empty({ start }: { start: ReactNode }) {
  const t = useTranslations("experiment.empty");
  const common = useTranslations("common");
  const place = usePlace();
  const { project } = useShell();
  const hasModel = (project?.counts.models ?? 0) > 0;
  return (
    <EmptyState
      icon={<IconFlask size={24} stroke={1.6} />}
      title={t("title")}
      actions={
        hasModel || !start ? start : <LinkButton href={`${place.base}/models`}>{t("toModels")}</LinkButton>
      }
    >
      {common.rich("two", {
        first: () => t("text"),
        second: () => (start ? t(hasModel ? "example" : "needsModel") : t("read")),
      })}
    </EmptyState>
  );
}

function List({ rows, base }: { rows: readonly ExperimentRow[]; base: string }) {
  const t = useTranslations("experiment");
  return (
    <table className={styles.list}>
      <caption className="visually-hidden">{t("title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("columns.question")}</th>
          <th scope="col">{t("columns.model")}</th>
          <th scope="col">{t("columns.dataset")}</th>
          <th scope="col">{t("columns.runs")}</th>
          <th scope="col">{t("columns.started")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <Link className={styles.question} href={`${base}/experiments/${row.number}`}>
                {row.question}
              </Link>
            </td>
            <td>{t("version", { name: row.model.name, number: row.model.number })}</td>
            <td>
              {row.dataset
                ? t("version", { name: row.dataset.name, number: row.dataset.number })
                : t("noDataset")}
            </td>
            <td>
              <Counts counts={row.counts} />
            </td>
            <td>
              <TimeAgo at={row.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
