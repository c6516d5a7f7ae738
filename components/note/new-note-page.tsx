"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import styles from "./note.module.css";
import { NoteEditor } from "./note-editor.tsx";

/** A new note on the project. Those on runs, experiments and models are written on their pages. */
export function NewNotePage({ projectId }: { projectId: string }) {
  const t = useTranslations("note");
  const place = usePlace();
  const router = useRouter();
  return (
    <>
      <PageHeader title={t("newTitle", { subject: "project" })} crumbs={place.crumbs("notes")} />
      <div className={styles.page}>
        <Panel>
          <NoteEditor
            subject="project"
            subjectId={projectId}
            onSaved={(id) => router.replace(`${place.base}/notes/${id}`)}
            onCancel={() => router.back()}
          />
        </Panel>
      </div>
    </>
  );
}
