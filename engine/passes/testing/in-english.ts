import { english } from "#engine/english.ts";
import { type EnglishReport, reportInEnglish } from "../in-english.ts";
import type { PassResult } from "../pass.ts";

export interface EnglishResult extends EnglishReport {
  readonly warnings: readonly string[];
}

/** The result of a technique as text, which tests read more easily than keys. */
export function inEnglish(result: PassResult): EnglishResult {
  return { ...reportInEnglish(result), warnings: result.warnings.map(english) };
}
