"use client";

import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import { useTRPC, useTRPCClient } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { notifyDone } from "#components/ui/notify.ts";
import type { NoteDetail, NoteNow, NoteSubject } from "#contracts/note.ts";
import { ConflictView } from "./conflict-view.tsx";
import { insertAt } from "./insert.ts";
import { MarkdownField } from "./markdown-field.tsx";
import { noteNowOf } from "./note-now.ts";
import { RunLink } from "./run-link.tsx";
import { useDraft } from "./use-draft.ts";

export interface NoteEditorProps {
  readonly subject: NoteSubject;
  readonly subjectId: string;
  /** The note that is changed; without it a new one. */
  readonly note?: NoteDetail;
  readonly onSaved: (id: string) => void;
  readonly onCancel: () => void;
}

/**
 * Writes a note. An edit states the revision it started from; where somebody saved in between, nothing is overwritten:
 * both texts are shown, and the next save is based on theirs.
 */
export function NoteEditor({ subject, subjectId, note, onSaved, onCancel }: NoteEditorProps) {
  const t = useTranslations("note");
  const { org } = usePlace();
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [conflict, setConflict] = useState<NoteNow>();
  const draft = useDraft(note?.id ?? `${subject}:${subjectId}`, {
    title: note?.title ?? "",
    body: note?.body ?? "",
    baseRevision: note?.revision ?? 0,
  });
  const saving = useMutation({
    mutationFn: async () => {
      const { title, body, baseRevision } = draft;
      if (!note) return api.note.create.mutate({ org, subject, subjectId, title, body });
      return {
        id: note.id,
        ...(await api.note.update.mutate({ org, id: note.id, baseRevision, title, body })),
      };
    },
    onSuccess: async ({ id, revision }) => {
      draft.forget();
      await client.invalidateQueries(trpc.note.pathFilter());
      notifyDone(t("saved", { revision }));
      onSaved(id);
    },
    onError: (error) => {
      const now = noteNowOf(error);
      if (!now) return;
      setConflict(now);
      // The page around shows whose revision it is, too.
      void client.invalidateQueries(trpc.note.pathFilter());
      draft.write({ baseRevision: now.revision });
    },
    meta: { inline: true },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const insert = (text: string) => draft.write({ body: insertAt(draft.body, text, field.current) });
  const isNewer = note !== undefined && !conflict && note.revision > draft.baseRevision;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <DraftNotes restoredAt={draft.restoredAt} isKept={draft.isKept} onDiscard={draft.discard} />
        {isNewer && (
          <Text size="sm" role="status" c="var(--app-warning)">
            {t("draft.newer", { name: note.updatedBy })}
          </Text>
        )}
        {conflict && (
          <ConflictView
            now={conflict}
            mine={draft}
            onTake={({ title, body }) => draft.write({ title, body })}
          />
        )}
        <TextInput
          label={conflict ? `${t("conflict.yours")} · ${t("fieldTitle")}` : t("fieldTitle")}
          value={draft.title}
          onChange={(event) => draft.write({ title: event.currentTarget.value })}
          maxLength={200}
          required
          withAsterisk={false}
        />
        <MarkdownField
          ref={field}
          label={conflict ? `${t("conflict.yours")} · ${t("fieldBody")}` : t("fieldBody")}
          description={t("bodyHelp")}
          value={draft.body}
          onChange={(body) => draft.write({ body })}
          maxLength={100_000}
          tools={<RunLink onInsert={insert} />}
        />
        {!noteNowOf(saving.error) && <ErrorNote error={saving.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={draft.title.trim() === ""}>
            {conflict ? t("conflict.save", { next: conflict.revision + 1 }) : t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface DraftNotesProps {
  readonly restoredAt: Date | null;
  readonly isKept: boolean;
  readonly onDiscard: () => void;
}

function DraftNotes({ restoredAt, isKept, onDiscard }: DraftNotesProps) {
  const t = useTranslations("note.draft");
  const format = useFormatter();
  return (
    <>
      {restoredAt && (
        <Alert role="status" color="gray" variant="light" c="var(--mantine-color-text)" p="xs">
          <Group gap="sm">
            <Text size="sm">
              {t("restored", {
                at: format.dateTime(restoredAt, { dateStyle: "medium", timeStyle: "short" }),
              })}
            </Text>
            <Button size="compact-xs" variant="default" onClick={onDiscard}>
              {t("discard")}
            </Button>
          </Group>
        </Alert>
      )}
      {!isKept && (
        <Text role="alert" size="sm" c="var(--app-worse)">
          {t("lost")}
        </Text>
      )}
    </>
  );
}
