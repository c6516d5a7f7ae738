"use client";

import { useMessages } from "next-intl";
import { useMemo } from "react";
import type { RecipePreset } from "#contracts/recipe.ts";

export interface PresetWords {
  readonly text: string;
  readonly pays: string;
  /** In general terms; empty where nothing can be said without the model. */
  readonly expected: string;
  /** The language of the words, where it is not the page's. */
  readonly lang: "en" | undefined;
}

/** What a recipe of the engine does and when it pays: from the messages, else in the engine's own words. */
export function usePresetWords(): (preset: RecipePreset) => PresetWords {
  const messages = useMessages().recipe.preset;
  return useMemo(() => {
    const all: Readonly<Record<string, Omit<PresetWords, "lang">>> = messages;
    return ({ recipe, summary, suits }) => {
      const known = all[recipe.name];
      if (known) return { ...known, lang: undefined };
      return {
        text: summary,
        pays: `${suits.charAt(0).toUpperCase()}${suits.slice(1)}.`,
        expected: "",
        lang: "en",
      };
    };
  }, [messages]);
}
