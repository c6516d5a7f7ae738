"use client";

import { IconFileText, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { MoreButton } from "#components/ui/more-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { NoteRow } from "#contracts/note.ts";
import type { Page } from "#contracts/page.ts";
import styles from "./note.module.css";
import { NoteItem } from "./notes-panel.tsx";

/** All notes of a project, whatever they stand on. */
export function NoteList({ loaded }: { loaded: Loaded<Page<NoteRow>> }) {
  const t = useTranslations("note");
  const trpc = useTRPC();
  const place = usePlace();
  const notes = useInfiniteQuery({
    ...trpc.note.listOfProject.infiniteQueryOptions(
      { org: place.org, project: place.project },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    initialData: { pages: [loaded.data], pageParams: [null] },
    initialDataUpdatedAt: loaded.at,
  });
  const rows = notes.data.pages.flatMap((page) => page.rows);
  const total = notes.data.pages[0]?.total ?? 0;
  const write = place.may("note.write") && (
    <LinkButton href={`${place.base}/notes/new`} leftSection={<IconPlus size={16} aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={total === 0 ? undefined : t("lead")}
        crumbs={place.crumbs()}
        actions={total > 0 && write}
      />
      <ErrorNote error={notes.error} onRetry={() => void notes.refetch()} />
      {total === 0 ? (
        <Panel>
          <EmptyState icon={<IconFileText size={40} stroke={1.2} />} title={t("empty.title")} actions={write}>
            {t("empty.text")}
          </EmptyState>
        </Panel>
      ) : (
        <Panel title={t("count", { count: total })} flush>
          <ul className={styles.list}>
            {rows.map((row) => (
              <NoteItem key={row.id} row={row} base={place.base} withSubject />
            ))}
          </ul>
          <MoreButton pages={notes} />
        </Panel>
      )}
    </>
  );
}
