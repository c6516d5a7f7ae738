"use client";

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { Columns } from "#components/ui/columns.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { notifyDone } from "#components/ui/notify.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { NoteDetail } from "#contracts/note.ts";
import { HistoryPanel } from "./history-panel.tsx";
import styles from "./note.module.css";
import { NoteEditor } from "./note-editor.tsx";
import { RevisionChange } from "./revision-change.tsx";

/** Others may be writing too: how often an open page looks for a newer revision. */
const lookAgainMs = 15_000;

/** One note: read it, change it, see how it came to be. */
export function NotePage({ loaded }: { loaded: Loaded<NoteDetail> }) {
  const t = useTranslations("note");
  const trpc = useTRPC();
  const place = usePlace();
  const [isEditing, setEditing] = useState(false);
  const [revision, setRevision] = useState<number>();
  const query = useLoaded(
    {
      ...trpc.note.get.queryOptions({ org: place.org, id: loaded.data.id }),
      refetchInterval: lookAgainMs,
    },
    loaded,
  );
  const note = query.data;
  return (
    <>
      <PageHeader
        title={note.title}
        crumbs={place.crumbs("notes")}
        meta={
          <>
            <span>{t("on", { subject: note.subject })}</span>
            <span>{t("edited", { name: note.updatedBy })}</span>
            <TimeAgo at={note.updatedAt} />
            <span>{t("revision", { revision: note.revision })}</span>
          </>
        }
        actions={!isEditing && <NoteActions note={note} onEdit={() => setEditing(true)} />}
      />
      <ErrorNote error={query.error} />
      <Columns
        side={<HistoryPanel note={note} shown={revision} onShow={isEditing ? undefined : setRevision} />}
      >
        <Panel>
          {isEditing ? (
            <NoteEditor
              subject={note.subject}
              subjectId={note.subjectId}
              note={note}
              onSaved={() => setEditing(false)}
              onCancel={() => setEditing(false)}
            />
          ) : revision === undefined ? (
            <div className={styles.article}>
              {/* Headings of the text begin at the third level. */}
              <h2 className="visually-hidden">{t("fieldBody")}</h2>
              <Markdown>{note.body}</Markdown>
            </div>
          ) : (
            <RevisionChange noteId={note.id} revision={revision} onClose={() => setRevision(undefined)} />
          )}
        </Panel>
      </Columns>
    </>
  );
}

function NoteActions({ note, onEdit }: { note: NoteDetail; onEdit: () => void }) {
  const t = useTranslations("note");
  const { org, may } = usePlace();
  const trpc = useTRPC();
  const client = useQueryClient();
  const pin = useMutation(
    trpc.note.pin.mutationOptions({ onSuccess: () => client.invalidateQueries(trpc.note.pathFilter()) }),
  );
  return (
    <>
      {may("note.delete") && <DeleteNote note={note} />}
      {may("note.write") && (
        <>
          <Button
            variant="default"
            loading={pin.isPending}
            onClick={() => pin.mutate({ org, id: note.id, pinned: !note.pinned })}
          >
            {t(note.pinned ? "unpin" : "pin")}
          </Button>
          <Button onClick={onEdit}>{t("edit")}</Button>
        </>
      )}
    </>
  );
}

function DeleteNote({ note }: { note: NoteDetail }) {
  const t = useTranslations("note");
  const { org, base } = usePlace();
  const router = useRouter();
  const trpc = useTRPC();
  const [isAsking, dialog] = useDisclosure(false);
  const deleting = useMutation(
    trpc.note.delete.mutationOptions({
      onSuccess: () => {
        notifyDone(t("deleted"));
        router.replace(`${base}/notes`);
      },
    }),
  );
  return (
    <>
      <Button variant="subtle" color="red" onClick={dialog.open}>
        {t("delete")}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={dialog.close}
        onConfirm={() => deleting.mutate({ org, id: note.id })}
        title={t("deleteTitle")}
        name={note.title}
        action={t("delete")}
        busy={deleting.isPending}
      >
        {t("deleteText")}
      </ConfirmDialog>
    </>
  );
}
