import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NewNotePage } from "#components/note/new-note-page.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("note");
  return { title: t("new") };
}

export default async function NewProjectNotePage({ params }: Props) {
  const at = await params;
  const project = await load((api) => api.project.get(at));
  return <NewNotePage projectId={project.data.id} />;
}
