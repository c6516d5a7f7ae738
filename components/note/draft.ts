import { z } from "zod";

const draftSchema = z.object({
  title: z.string(),
  body: z.string(),
  /** Revision that the writing started from; 0 for a new note. */
  baseRevision: z.int().min(0),
  /** When it was last written to; milliseconds since 1970. */
  at: z.number(),
});
export type Draft = z.infer<typeof draftSchema>;

/** Where unsaved writing is kept: apart for each person who uses this browser, and for each note. */
export function draftKey(userId: string, what: string): string {
  return `parsimony-draft:${userId}:${what}`;
}

/** What was being written; undefined where there is nothing, or nothing readable. */
export function readDraft(store: Pick<Storage, "getItem">, key: string): Draft | undefined {
  try {
    const parsed = draftSchema.safeParse(JSON.parse(store.getItem(key) ?? "null"));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** @returns false where the browser does not let us keep it (no space, or storage is switched off) */
export function keepDraft(store: Pick<Storage, "setItem">, key: string, draft: Draft): boolean {
  try {
    store.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(store: Pick<Storage, "removeItem">, key: string): void {
  try {
    store.removeItem(key);
  } catch {
    // Storage is switched off: there is nothing to drop.
  }
}
