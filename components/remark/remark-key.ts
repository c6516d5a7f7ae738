import type { RunWords } from "#contracts/log.words.ts";
import type { KeyOf } from "#engine/remarks/parameters.ts";

/** The sentences that a page can say: those of the engine and of the log. */
export type RemarkKey = KeyOf<RunWords>;

/** Whether the messages have this sentence: a stored remark may be of another version. */
export function isKey(messages: Readonly<Record<string, object>>, key: string): key is RemarkKey {
  const [group = "", name = "", ...more] = key.split(".");
  const sentences = Object.hasOwn(messages, group) ? messages[group] : undefined;
  return more.length === 0 && sentences !== undefined && Object.hasOwn(sentences, name);
}
