"use client";

import { Button, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconListNumbers, IconPlus, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Page } from "#contracts/page.ts";
import type { RecipeRow } from "#contracts/recipe.ts";
import styles from "./recipe.module.css";
import { RecipeTable } from "./recipe-table.tsx";

type View = "active" | "archived";

/** The recipes that a project keeps. */
export function RecipeList({
  loaded,
  hasArchived,
}: {
  loaded: Loaded<Page<RecipeRow>>;
  hasArchived: boolean;
}) {
  const t = useTranslations("recipe");
  const common = useTranslations("common");
  const place = usePlace();
  const [typed, setTyped] = useState("");
  const [view, setView] = useState<View>("active");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const recipes = useRecipes(place, search, view, loaded);
  const pages = recipes.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.rows);
  const total = pages[0]?.total ?? 0;
  const maySave = place.may("recipe.save");
  const isEmpty = total === 0 && search === "" && view === "active" && !hasArchived;
  const create = (
    <LinkButton href={`${place.base}/recipes/-/new`} leftSection={<IconPlus size={16} aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={isEmpty ? undefined : t("lead")}
        crumbs={place.crumbs()}
        actions={maySave && !isEmpty ? create : undefined}
      />
      {isEmpty ? (
        <Panel>
          <EmptyState
            icon={<IconListNumbers size={40} stroke={1.2} />}
            title={t("empty.title")}
            actions={maySave ? create : undefined}
          >
            <p>{t("empty.text")}</p>
            <p>{maySave ? t("empty.example") : t("empty.read")}</p>
          </EmptyState>
        </Panel>
      ) : (
        <Panel
          title={t("count", { count: total })}
          flush
          actions={
            <>
              {(hasArchived || view === "archived") && (
                <SegmentedControl
                  size="xs"
                  aria-label={t("title")}
                  value={view}
                  onChange={(next) => setView(next === "archived" ? "archived" : "active")}
                  data={[
                    { value: "active", label: t("view.active") },
                    { value: "archived", label: t("view.archived") },
                  ]}
                />
              )}
              <TextInput
                size="xs"
                type="search"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                aria-label={t("search")}
                placeholder={t("search")}
                leftSection={<IconSearch size={14} aria-hidden />}
              />
            </>
          }
        >
          <ErrorNote error={recipes.error} onRetry={() => void recipes.refetch()} />
          {rows.length === 0 ? (
            <Text className={styles.foot} role="status">
              {search !== ""
                ? t("noMatch", { search })
                : t(view === "archived" ? "archivedNone" : "empty.text")}
            </Text>
          ) : (
            <RecipeTable rows={rows} base={place.base} />
          )}
          {recipes.hasNextPage && (
            <Button
              variant="subtle"
              fullWidth
              loading={recipes.isFetchingNextPage}
              onClick={() => void recipes.fetchNextPage()}
            >
              {common("more")}
            </Button>
          )}
        </Panel>
      )}
    </>
  );
}

function useRecipes(
  place: { org: string; project: string },
  search: string,
  view: View,
  loaded: Loaded<Page<RecipeRow>>,
) {
  const trpc = useTRPC();
  return useInfiniteQuery({
    ...trpc.recipe.list.infiniteQueryOptions(
      { org: place.org, project: place.project, search, archived: view === "archived" },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    placeholderData: keepPreviousData,
    ...(search === "" &&
      view === "active" && {
        initialData: { pages: [loaded.data], pageParams: [null] },
        initialDataUpdatedAt: loaded.at,
      }),
  });
}
