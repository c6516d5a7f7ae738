"use client";

import { Button, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCube, IconPlus, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RejectedUploads } from "#components/upload/rejected-uploads.tsx";
import type { ModelRow } from "#contracts/model.ts";
import type { Page } from "#contracts/page.ts";
import styles from "./model.module.css";
import { ModelTable } from "./model-table.tsx";
import { usePlace } from "./use-place.ts";

/** The models of a project. */
export function ModelList({ loaded }: { loaded: Loaded<Page<ModelRow>> }) {
  const t = useTranslations("model");
  const common = useTranslations("common");
  const place = usePlace();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const models = useModels(place, search, loaded);
  const pages = models.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.rows);
  const total = pages[0]?.total ?? 0;
  const mayCreate = place.may("model.create");
  const isEmpty = total === 0 && search === "";
  const register = (
    <LinkButton href={`${place.base}/models/-/new`} leftSection={<IconPlus size={16} aria-hidden />}>
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
      <div className={styles.stack}>
        <RejectedUploads org={place.org} project={place.project} />
        {isEmpty ? (
          <Panel>
            <EmptyState
              icon={<IconCube size={40} stroke={1.2} />}
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
            <ErrorNote error={models.error} onRetry={() => void models.refetch()} />
            {rows.length === 0 && search !== "" ? (
              <Text className={styles.foot} role="status">
                {t("noMatch", { search })}
              </Text>
            ) : (
              <ModelTable rows={rows} base={place.base} />
            )}
            {models.hasNextPage && (
              <Button
                variant="subtle"
                fullWidth
                loading={models.isFetchingNextPage}
                onClick={() => void models.fetchNextPage()}
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

function useModels(place: { org: string; project: string }, search: string, loaded: Loaded<Page<ModelRow>>) {
  const trpc = useTRPC();
  return useInfiniteQuery({
    ...trpc.model.list.infiniteQueryOptions(
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
