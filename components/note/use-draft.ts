"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useShell } from "#components/shell/context.tsx";
import { draftKey, dropDraft, keepDraft, readDraft } from "./draft.ts";

export interface Writing {
  readonly title: string;
  readonly body: string;
  /** Revision that the writing is based on; 0 for a new note. */
  readonly baseRevision: number;
}

export interface DraftState extends Writing {
  /** When the restored draft was last written to; null where the writing started afresh. */
  readonly restoredAt: Date | null;
  /** False where the browser refused to keep the draft: then only this page has it. */
  readonly isKept: boolean;
  readonly write: (change: Partial<Writing>) => void;
  /** Forgets the draft, and shows `start` again. */
  readonly discard: () => void;
  /** The writing was saved: its draft is not needed any more. */
  readonly forget: () => void;
}

/** Text that is being written, kept in the browser with each key press, so that nothing typed is ever lost. */
export function useDraft(what: string, start: Writing): DraftState {
  const key = draftKey(useShell().me.id, what);
  const begin = useRef(start);
  const latest = useRef(start);
  const [draft, setDraft] = useState<Writing>(start);
  const [restoredAt, setRestoredAt] = useState<Date | null>(null);
  const [isKept, setKept] = useState(true);

  // After the first paint, because the server has no drafts and both must draw the same.
  useEffect(() => {
    const found = readDraft(localStorage, key);
    const { title, body } = begin.current;
    if (!found || (found.title === title && found.body === body)) return;
    latest.current = { title: found.title, body: found.body, baseRevision: found.baseRevision };
    setDraft(latest.current);
    setRestoredAt(new Date(found.at));
  }, [key]);

  return {
    ...draft,
    restoredAt,
    isKept,
    write: useCallback(
      (change) => {
        const next = { ...latest.current, ...change };
        latest.current = next;
        setDraft(next);
        setKept(keepDraft(localStorage, key, { ...next, at: Date.now() }));
      },
      [key],
    ),
    discard: useCallback(() => {
      dropDraft(localStorage, key);
      latest.current = begin.current;
      setDraft(begin.current);
      setRestoredAt(null);
    }, [key]),
    forget: useCallback(() => dropDraft(localStorage, key), [key]),
  };
}
