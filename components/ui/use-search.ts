"use client";

import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

/** Long enough that a word is not searched letter by letter. */
const pauseMs = 250;

export interface Search {
  readonly typed: string;
  readonly type: (text: string) => void;
  /** What is searched for: what was typed before the last pause. */
  readonly text: string;
}

/** A search box and what is searched for. */
export function useSearch(): Search {
  const [typed, type] = useState("");
  const [text] = useDebouncedValue(typed.trim(), pauseMs);
  return { typed, type, text };
}
