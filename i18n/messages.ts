import type { Locale } from "#contracts/locale.ts";
import { en } from "#messages/en/index.ts";
import { zh } from "#messages/zh/index.ts";

/** All texts, one group per room. English is the pattern: Chinese must have the same keys to compile. */
export type Messages = typeof en;

const all: Record<Locale, Messages> = { en, zh };

export function messagesOf(locale: Locale): Messages {
  return all[locale];
}
