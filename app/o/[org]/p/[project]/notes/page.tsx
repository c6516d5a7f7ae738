import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NoteList } from "#components/note/note-list.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("note");
  return { title: t("title") };
}

export default async function NotesPage({ params }: Props) {
  const at = await params;
  return <NoteList loaded={await load((api) => api.note.listOfProject(at))} />;
}
