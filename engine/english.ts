import { englishOf } from "./remarks/english.ts";
import { words } from "./words.ts";

/** What the engine says, as text for logs, reports and terminals. */
export const english = englishOf(words);
