import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { NotePage } from "#components/note/note-page.tsx";
import { load, readOnce } from "#server/entry/load.ts";

type Params = { org: string; project: string; id: string };

interface Props {
  readonly params: Promise<Params>;
}

const read = readOnce(async ({ org, id }: Params) => {
  if (!z.uuid().safeParse(id).success) notFound();
  return load((api) => api.note.get({ org, id }));
});

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await read(props.params)).data.title };
}

export default async function OneNotePage(props: Props) {
  return <NotePage loaded={await read(props.params)} />;
}
