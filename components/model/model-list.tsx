"use client";

import { IconCube } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { byCursor, rowsOf, startingWith } from "#components/api/use-paged.ts";
import { ListPage } from "#components/ui/list-page.tsx";
import { useSearch } from "#components/ui/use-search.ts";
import { RejectedUploads } from "#components/upload/rejected-uploads.tsx";
import type { ModelRow } from "#contracts/model.ts";
import type { Page } from "#contracts/page.ts";
import { ModelTable } from "./model-table.tsx";
import { usePlace } from "./use-place.ts";

/** The models of a project. */
export function ModelList({ loaded }: { loaded: Loaded<Page<ModelRow>> }) {
  const t = useTranslations("model");
  const trpc = useTRPC();
  const { org, project, base, may, crumbs } = usePlace();
  const search = useSearch();
  const models = useInfiniteQuery({
    ...trpc.model.list.infiniteQueryOptions({ org, project, search: search.text }, byCursor),
    ...startingWith(loaded, search.text === ""),
  });
  const { rows, total } = rowsOf(models.data);
  const mayCreate = may("model.create");
  return (
    <ListPage
      title={t("title")}
      lead={t("lead")}
      crumbs={crumbs()}
      create={mayCreate ? { href: `${base}/models/-/new`, label: t("register") } : undefined}
      isEmpty={total === 0 && search.text === ""}
      empty={{
        icon: <IconCube size={40} stroke={1.2} />,
        title: t("empty.title"),
        paragraphs: [t("empty.text"), ...(mayCreate ? [] : [t("empty.read")])],
      }}
      above={<RejectedUploads org={org} project={project} />}
      count={t("count", { count: total })}
      search={search}
      searchLabel={t("search")}
      pages={models}
      error={models.error && <ErrorNote error={models.error} onRetry={() => void models.refetch()} />}
      isNone={rows.length === 0}
      noneText={t("noMatch", { search: search.text })}
    >
      <ModelTable rows={rows} base={base} />
    </ListPage>
  );
}
