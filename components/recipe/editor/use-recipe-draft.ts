"use client";

import { useMemo, useState } from "react";
import { type Checked, check, type Draft } from "../draft/draft.ts";
import { type ReadText, readText, textOf } from "../draft/text.ts";
import { useHistory } from "./use-history.ts";

export interface RecipeDraft extends Checked {
  readonly draft: Draft;
  /** The recipe as YAML: as it was written, or as the form stands. */
  readonly text: string;
  readonly read: ReadText;
  /** What was written in the YAML cannot be shown as steps; the draft is what it was before. */
  readonly isBroken: boolean;
  readonly change: (next: (draft: Draft) => Draft, subject?: string) => void;
  readonly write: (text: string) => void;
  /** Goes back to what the form shows. */
  readonly dropText: () => void;
  readonly undo: () => void;
  readonly canUndo: boolean;
}

/** A recipe that is written as a form and as a text at once. */
export function useRecipeDraft(initial: Draft): RecipeDraft {
  const history = useHistory(initial);
  // What was typed, while the form has not changed since; null: the text follows the form.
  const [typed, setTyped] = useState<string | null>(null);
  const draft = history.value;
  const text = useMemo(() => typed ?? textOf(draft), [typed, draft]);
  const read = useMemo(() => readText(text, draft), [text, draft]);
  const checked = useMemo(() => check(draft), [draft]);
  const isBroken = typed !== null && read.draft === undefined;
  return {
    ...checked,
    draft,
    text,
    read,
    isBroken,
    change: (next, subject) => {
      setTyped(null);
      history.change(next, subject);
    },
    write: (next) => {
      setTyped(next);
      const meant = readText(next, draft).draft;
      if (meant) history.change(() => meant, "text");
    },
    dropText: () => setTyped(null),
    undo: () => {
      setTyped(null);
      history.undo();
    },
    canUndo: history.canUndo,
  };
}
