import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { NotePage } from "#components/note/note-page.tsx";
import { load } from "#server/entry/load.ts";

interface Props {
  readonly params: Promise<{ org: string; project: string; id: string }>;
}

async function read({ params }: Props) {
  const { org, id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  return load((api) => api.note.get({ org, id }));
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await read(props)).data.title };
}

export default async function OneNotePage(props: Props) {
  return <NotePage loaded={await read(props)} />;
}
