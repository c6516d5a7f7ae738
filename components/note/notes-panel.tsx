"use client";

import { Badge, Button, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { TextLink } from "#components/ui/links.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { PlainMarkdown } from "#components/ui/plain-markdown.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { NoteRow, NoteSubject } from "#contracts/note.ts";
import styles from "./note.module.css";
import { NoteEditor } from "./note-editor.tsx";

export interface NotesPanelProps {
  readonly subject: NoteSubject;
  /** ID of the project, experiment, run or model that the notes stand on. */
  readonly subjectId: string;
  /** At most so many are listed; the rest is in the room of notes. */
  readonly limit?: number;
}

/** The notes on one thing: the first one in full, others by their beginning; a new one is written right here. */
export function NotesPanel({ subject, subjectId, limit = 6 }: NotesPanelProps) {
  const t = useTranslations("note");
  const trpc = useTRPC();
  const { org, base, may } = usePlace();
  const [isWriting, setWriting] = useState(false);
  const notes = useQuery(trpc.note.list.queryOptions({ org, subject, subjectId, limit }));
  const rows = (notes.data?.rows ?? []).toSorted((one, other) => Number(other.pinned) - Number(one.pinned));
  const [first, ...others] = rows;
  const hasMore = (notes.data?.total ?? 0) > rows.length;
  return (
    <Panel
      title={t("title")}
      flush={!isWriting}
      actions={
        may("note.write") &&
        !isWriting && (
          <Button size="compact-sm" variant="subtle" onClick={() => setWriting(true)}>
            {t("new")}
          </Button>
        )
      }
    >
      {isWriting ? (
        <NoteEditor
          subject={subject}
          subjectId={subjectId}
          onSaved={() => setWriting(false)}
          onCancel={() => setWriting(false)}
        />
      ) : (
        <>
          <ErrorNote error={notes.error} onRetry={() => void notes.refetch()} />
          {notes.isPending && (
            <div className={styles.item}>
              <Skeleton height={subject === "project" ? 160 : 20} />
            </div>
          )}
          {notes.data && rows.length === 0 && (
            <Text c="dimmed" className={styles.item}>
              {t("empty.panel")}
            </Text>
          )}
          {first && (
            <ul className={styles.list}>
              <FullNote row={first} org={org} base={base} />
              {others.map((row) => (
                <NoteItem key={row.id} row={row} base={base} />
              ))}
            </ul>
          )}
          {hasMore && (
            <Text className={styles.item}>
              <TextLink href={`${base}/notes`}>{t("all")}</TextLink>
            </Text>
          )}
        </>
      )}
    </Panel>
  );
}

function FullNote({ row, org, base }: { row: NoteRow; org: string; base: string }) {
  const trpc = useTRPC();
  const note = useQuery(trpc.note.get.queryOptions({ org, id: row.id })).data;
  return (
    <li className={styles.item}>
      <NoteHead row={row} base={base} />
      <Markdown>{note?.body ?? row.excerpt}</Markdown>
    </li>
  );
}

export function NoteItem({ row, base, withSubject }: { row: NoteRow; base: string; withSubject?: boolean }) {
  return (
    <li className={styles.item}>
      <NoteHead row={row} base={base} {...(withSubject && { withSubject })} />
      {row.excerpt.trim() !== "" && (
        <p className={styles.excerpt}>
          <PlainMarkdown>{row.excerpt}</PlainMarkdown>
        </p>
      )}
    </li>
  );
}

function NoteHead({ row, base, withSubject }: { row: NoteRow; base: string; withSubject?: boolean }) {
  const t = useTranslations("note");
  return (
    <>
      <h3 className={styles.title}>
        <TextLink href={`${base}/notes/${row.id}`} c="var(--mantine-color-text)">
          {row.title}
        </TextLink>
        {row.pinned && (
          <Badge size="sm" ms={6}>
            {t("pinned")}
          </Badge>
        )}
      </h3>
      <div className={styles.meta}>
        {withSubject && <span>{t("on", { subject: row.subject })}</span>}
        <span>{t("by", { name: row.updatedBy })}</span>
        <TimeAgo at={row.updatedAt} />
      </div>
    </>
  );
}
