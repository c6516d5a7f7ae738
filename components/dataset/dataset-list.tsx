"use client";

import { Button, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDatabase, IconPlus, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import modelStyles from "#components/model/model.module.css";
import { type Place, usePlace } from "#components/model/use-place.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RejectedUploads } from "#components/upload/rejected-uploads.tsx";
import type { DatasetRow } from "#contracts/dataset.ts";
import type { Page } from "#contracts/page.ts";
import { DatasetTable } from "./dataset-table.tsx";

/** The datasets of a project. */
export function DatasetList({ loaded }: { loaded: Loaded<Page<DatasetRow>> }) {
  const t = useTranslations("dataset");
  const common = useTranslations("common");
  const place = usePlace();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const datasets = useDatasets(place, search, loaded);
  const rows = (datasets.data?.pages ?? []).flatMap((page) => page.rows);
  const total = datasets.data?.pages[0]?.total ?? 0;
  const mayCreate = place.may("dataset.create");
  const isEmpty = total === 0 && search === "";
  const register = (
    <LinkButton href={`${place.base}/datasets/-/new`} leftSection={<IconPlus size={16} aria-hidden />}>
      {t("register")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={isEmpty ? undefined : t("lead")}
        crumbs={place.crumbs()}
        actions={mayCreate && !isEmpty ? register : undefined}
      />
      <div className={modelStyles.stack}>
        <RejectedUploads org={place.org} project={place.project} />
        {isEmpty ? (
          <Panel>
            <EmptyState
              icon={<IconDatabase size={40} stroke={1.2} />}
              title={t("empty.title")}
              actions={mayCreate ? register : undefined}
            >
              <p>{t("empty.text")}</p>
              {!mayCreate && <p>{t("empty.read")}</p>}
            </EmptyState>
          </Panel>
        ) : (
          <Panel
            title={t("count", { count: total })}
            flush
            actions={
              <TextInput
                size="xs"
                type="search"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                aria-label={t("search")}
                placeholder={t("search")}
                leftSection={<IconSearch size={14} aria-hidden />}
              />
            }
          >
            <ErrorNote error={datasets.error} onRetry={() => void datasets.refetch()} />
            {rows.length === 0 && search !== "" ? (
              <Text className={modelStyles.foot} role="status">
                {t("noMatch", { search })}
              </Text>
            ) : (
              <DatasetTable rows={rows} base={place.base} />
            )}
            {datasets.hasNextPage && (
              <Button
                variant="subtle"
                fullWidth
                loading={datasets.isFetchingNextPage}
                onClick={() => void datasets.fetchNextPage()}
              >
                {common("more")}
              </Button>
            )}
          </Panel>
        )}
      </div>
    </>
  );
}

function useDatasets(place: Place, search: string, loaded: Loaded<Page<DatasetRow>>) {
  const trpc = useTRPC();
  return useInfiniteQuery({
    ...trpc.dataset.list.infiniteQueryOptions(
      { org: place.org, project: place.project, search },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    placeholderData: keepPreviousData,
    ...(search === "" && {
      initialData: { pages: [loaded.data], pageParams: [null] },
      initialDataUpdatedAt: loaded.at,
    }),
  });
}
