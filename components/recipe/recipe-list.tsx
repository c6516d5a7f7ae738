"use client";

import { SegmentedControl } from "@mantine/core";
import { IconListNumbers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { byCursor, rowsOf, startingWith } from "#components/api/use-paged.ts";
import { usePlace } from "#components/model/use-place.ts";
import { ListPage } from "#components/ui/list-page.tsx";
import { useSearch } from "#components/ui/use-search.ts";
import type { Page } from "#contracts/page.ts";
import type { RecipeRow } from "#contracts/recipe.ts";
import { RecipeTable } from "./recipe-table.tsx";

type View = "active" | "archived";

export interface RecipeListProps {
  readonly loaded: Loaded<Page<RecipeRow>>;
  readonly hasArchived: boolean;
}

/** The recipes that a project keeps. */
export function RecipeList({ loaded, hasArchived }: RecipeListProps) {
  const t = useTranslations("recipe");
  const trpc = useTRPC();
  const { org, project, base, may, crumbs } = usePlace();
  const search = useSearch();
  const [view, setView] = useState<View>("active");
  const archived = view === "archived";
  const isWhole = search.text === "" && !archived;
  const recipes = useInfiniteQuery({
    ...trpc.recipe.list.infiniteQueryOptions({ org, project, search: search.text, archived }, byCursor),
    ...startingWith(loaded, isWhole),
  });
  const { rows, total } = rowsOf(recipes.data);
  const maySave = may("recipe.save");
  return (
    <ListPage
      title={t("title")}
      lead={t("lead")}
      crumbs={crumbs()}
      create={maySave ? { href: `${base}/recipes/-/new`, label: t("new") } : undefined}
      isEmpty={total === 0 && isWhole && !hasArchived}
      empty={{
        icon: <IconListNumbers size={40} stroke={1.2} />,
        title: t("empty.title"),
        paragraphs: [t("empty.text"), t(maySave ? "empty.example" : "empty.read")],
      }}
      count={t("count", { count: total })}
      search={search}
      searchLabel={t("search")}
      filter={(hasArchived || archived) && <ViewChoice view={view} onChange={setView} />}
      pages={recipes}
      error={recipes.error && <ErrorNote error={recipes.error} onRetry={() => void recipes.refetch()} />}
      isNone={rows.length === 0}
      noneText={
        search.text !== ""
          ? t("noMatch", { search: search.text })
          : t(archived ? "archivedNone" : "empty.text")
      }
    >
      <RecipeTable rows={rows} base={base} />
    </ListPage>
  );
}

function ViewChoice({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const t = useTranslations("recipe");
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("title")}
      value={view}
      onChange={(next) => onChange(next === "archived" ? "archived" : "active")}
      data={[
        { value: "active", label: t("view.active") },
        { value: "archived", label: t("view.archived") },
      ]}
    />
  );
}
