"use client";

import { IconDatabase } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { byCursor, rowsOf, startingWith } from "#components/api/use-paged.ts";
import { usePlace } from "#components/model/use-place.ts";
import { ListPage } from "#components/ui/list-page.tsx";
import { useSearch } from "#components/ui/use-search.ts";
import { RejectedUploads } from "#components/upload/rejected-uploads.tsx";
import type { DatasetRow } from "#contracts/dataset.ts";
import type { Page } from "#contracts/page.ts";
import { DatasetTable } from "./dataset-table.tsx";

/** The datasets of a project. */
export function DatasetList({ loaded }: { loaded: Loaded<Page<DatasetRow>> }) {
  const t = useTranslations("dataset");
  const trpc = useTRPC();
  const { org, project, base, may, crumbs } = usePlace();
  const search = useSearch();
  const datasets = useInfiniteQuery({
    ...trpc.dataset.list.infiniteQueryOptions({ org, project, search: search.text }, byCursor),
    ...startingWith(loaded, search.text === ""),
  });
  const { rows, total } = rowsOf(datasets.data);
  const mayCreate = may("dataset.create");
  return (
    <ListPage
      title={t("title")}
      lead={t("lead")}
      crumbs={crumbs()}
      create={mayCreate ? { href: `${base}/datasets/-/new`, label: t("register") } : undefined}
      isEmpty={total === 0 && search.text === ""}
      empty={{
        icon: <IconDatabase size={40} stroke={1.2} />,
        title: t("empty.title"),
        paragraphs: [t("empty.text"), ...(mayCreate ? [] : [t("empty.read")])],
      }}
      above={<RejectedUploads org={org} project={project} />}
      count={t("count", { count: total })}
      search={search}
      searchLabel={t("search")}
      pages={datasets}
      error={datasets.error && <ErrorNote error={datasets.error} onRetry={() => void datasets.refetch()} />}
      isNone={rows.length === 0}
      noneText={t("noMatch", { search: search.text })}
    >
      <DatasetTable rows={rows} base={base} />
    </ListPage>
  );
}
