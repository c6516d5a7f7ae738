"use client";

import { useMessages } from "next-intl";
import { useMemo } from "react";
import type { Messages } from "#i18n/messages.ts";
import { optionKey, readable, techniqueKey } from "./readable.ts";

interface OptionWords {
  readonly label: string;
  /** Empty where nothing is known but the name. */
  readonly help: string;
}

interface TechniqueMessages {
  readonly name: string;
  readonly text: string;
  readonly options: Readonly<Record<string, OptionWords>>;
}

export interface TechniqueWords {
  readonly name: (use: string) => string;
  /** What it does and when it pays, in a sentence or two; empty where the messages do not know it. */
  readonly text: (use: string) => string;
  readonly option: (use: string, path: readonly string[]) => OptionWords;
}

/** Words for techniques and their options from any language's messages; plain names where they have none. */
export function wordsFrom(messages: Messages["technique"]): TechniqueWords {
  const all: Readonly<Record<string, TechniqueMessages>> = messages;
  const of = (use: string) => all[techniqueKey(use)];
  return {
    name: (use) => of(use)?.name ?? readable(use),
    text: (use) => of(use)?.text ?? "",
    option: (use, path) =>
      of(use)?.options[optionKey(path)] ?? { label: readable(path.at(-1) ?? ""), help: "" },
  };
}

export function useTechniqueWords(): TechniqueWords {
  const { technique, architecture } = useMessages();
  return useMemo(() => wordsFrom({ ...technique, ...architecture }), [technique, architecture]);
}
