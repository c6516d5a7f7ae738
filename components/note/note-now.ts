import { z } from "zod";
import { bodyOf } from "#components/api/error-body.ts";
import type { NoteNow } from "#contracts/note.ts";

const noteNow = z.object({
  revision: z.coerce.number().int(),
  title: z.string(),
  body: z.string(),
  author: z.string(),
  at: z.string(),
}) satisfies z.ZodType<NoteNow>;

/** The text that stands in the note now, where saving failed because somebody else saved; undefined otherwise. */
export function noteNowOf(error: unknown): NoteNow | undefined {
  const { code, details } = bodyOf(error);
  if (code !== "noteChanged") return undefined;
  const parsed = noteNow.safeParse(details);
  return parsed.success ? parsed.data : undefined;
}
