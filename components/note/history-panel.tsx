"use client";

import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { NoteDetail } from "#contracts/note.ts";
import styles from "./note.module.css";

export interface HistoryPanelProps {
  readonly note: NoteDetail;
  /** Revision whose change is shown. */
  readonly shown: number | undefined;
  readonly onShow: ((revision: number | undefined) => void) | undefined;
}

/** Who wrote what when; choosing a revision shows what it changed. */
export function HistoryPanel({ note, shown, onShow }: HistoryPanelProps) {
  const t = useTranslations("note");
  const trpc = useTRPC();
  const { org } = usePlace();
  const history = useQuery(trpc.note.history.queryOptions({ org, id: note.id }));
  const rows = history.data ?? [];
  // The note was changed elsewhere, and its page has seen it: there is a newer revision to list.
  const isBehind = history.data !== undefined && (rows[0]?.revision ?? 0) < note.revision;
  const { refetch } = history;
  useEffect(() => {
    if (isBehind) void refetch();
  }, [isBehind, refetch]);
  return (
    <Panel title={t("history.title")} hint={t("history.count", { count: note.revision })} flush>
      <ErrorNote error={history.error} />
      <ul className={styles.revisions}>
        {rows.map((row) => (
          <li key={row.revision}>
            <UnstyledButton
              className={styles.revision}
              aria-pressed={row.revision === shown}
              disabled={!onShow}
              onClick={() => onShow?.(row.revision === shown ? undefined : row.revision)}
            >
              <span className={styles.title}>{t("revision", { revision: row.revision })}</span>
              <span className={styles.meta}>
                <span>{row.author}</span>
                <TimeAgo at={row.at} />
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
