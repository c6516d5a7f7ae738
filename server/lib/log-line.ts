import { logWords, type RunWords } from "#contracts/log.words.ts";
import type { Problem } from "#contracts/problem.ts";
import { englishOf } from "#engine/remarks/english.ts";
import { sayer } from "#engine/remarks/parameters.ts";
import type { Remark, Said } from "#engine/remarks/remark.schema.ts";
import { words } from "#engine/words.ts";

/** A remark of a worker or of the engine. */
export const sayOfRun = sayer<RunWords>();

const english = englishOf({ ...words, log: logWords });

/** Longest text of a line and of a problem. */
const longest = 4_000;

/** A line of a run's log: in English, and where it is a remark also as such, for readers of other languages. */
export interface SaidLine {
  readonly level: "info" | "warn" | "error";
  readonly text: string;
  readonly remark?: Remark;
}

export function logLine(level: SaidLine["level"], said: Said): SaidLine {
  const text = english(said).slice(0, longest);
  return typeof said === "string" ? { level, text } : { level, text, remark: said };
}

export function problemOf(code: string, said: Said): Problem {
  const message = english(said).slice(0, longest);
  return typeof said === "string" ? { code, message } : { code, message, remark: said };
}
