import { z } from "zod";
import { pageInput } from "./page.ts";
import { slug } from "./slug.ts";
import { text, trimmed } from "./text.ts";

export const noteSubjects = ["project", "experiment", "run", "model"] as const;
export type NoteSubject = (typeof noteSubjects)[number];

const title = trimmed(200).min(1);
/** Markdown. Bounded so that a history of many revisions stays readable and cheap. */
const body = text(100_000);

export const listNotesInput = pageInput.extend({ subject: z.enum(noteSubjects), subjectId: z.uuid() });
export const projectNotesInput = pageInput.extend({ project: slug });
export const noteInput = z.object({ id: z.uuid() });
export const createNoteInput = z.object({ subject: z.enum(noteSubjects), subjectId: z.uuid(), title, body });
export const updateNoteInput = z.object({ id: z.uuid(), baseRevision: z.int().min(1), title, body });
export const pinNoteInput = z.object({ id: z.uuid(), pinned: z.boolean() });
export const noteRevisionInput = z.object({ id: z.uuid(), revision: z.int().min(1) });

export interface NoteRow {
  readonly id: string;
  readonly subject: NoteSubject;
  readonly subjectId: string;
  readonly title: string;
  /** The beginning of the text. */
  readonly excerpt: string;
  readonly revision: number;
  readonly pinned: boolean;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export interface NoteDetail {
  readonly id: string;
  readonly subject: NoteSubject;
  readonly subjectId: string;
  readonly title: string;
  readonly body: string;
  readonly revision: number;
  readonly pinned: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export interface NoteRevisionRow {
  readonly revision: number;
  readonly title: string;
  readonly author: string;
  readonly at: Date;
}

export interface NoteRevisionDetail extends NoteRevisionRow {
  readonly body: string;
}

/** What the details of the error `noteChanged` hold: the text that is there now. */
export interface NoteNow {
  readonly revision: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
}
