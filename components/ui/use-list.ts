"use client";

import { useFormatter } from "next-intl";
import { useCallback } from "react";

/** Joins words as the reader's language does: "a, b, c", 「a、b、c」. */
export function useList(): (words: readonly string[]) => string {
  const format = useFormatter();
  return useCallback((words) => format.list(words, { type: "conjunction", style: "narrow" }), [format]);
}
