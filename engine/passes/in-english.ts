import { english } from "#engine/english.ts";
import type { Change, Skip } from "./pass.ts";

/** What a step did and left alone, as text. */
export interface EnglishReport {
  readonly changed: readonly { readonly name: string; readonly what: string }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** A step's lists for the command line and its JSON. */
export function reportInEnglish(step: {
  readonly changed: readonly Change[];
  readonly skipped: readonly Skip[];
}): EnglishReport {
  return {
    changed: step.changed.map(({ name, what }) => ({ name, what: english(what) })),
    skipped: step.skipped.map(({ name, reason }) => ({ name, reason: english(reason) })),
  };
}
