import type { RunWords } from "#contracts/log.words.ts";
import { sayer } from "#engine/remarks/parameters.ts";

/** A remark for the log of a run. */
export const remark = sayer<RunWords>();
