"use client";

import type { ReactNode } from "react";
import { ErrorState } from "#components/ui/error-state.tsx";
import { bodyOf } from "./error-body.ts";
import { useErrorText } from "./use-error.ts";

export interface ErrorNoteProps {
  /** What a query or mutation failed with; nothing is shown for null. */
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly actions?: ReactNode;
}

/** A failure of the API where it happened: in the form, or in place of the list. */
export function ErrorNote({ error, ...rest }: ErrorNoteProps) {
  const textOf = useErrorText();
  if (!error) return null;
  const { text, quote } = textOf(bodyOf(error));
  return <ErrorState text={text} quote={quote} {...rest} />;
}
