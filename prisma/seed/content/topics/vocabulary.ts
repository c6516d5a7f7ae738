import { words } from "#engine/evaluate/dataset/words.ts";
import type { TopicText } from "./generate.ts";

/** Words seen less often in training are not worth a row; they teach the model what an unknown word means. */
const MIN_COUNT = 3;

/** Words that the model reads of a text; no generated text is longer. */
export const LENGTH = 24;

/** Words of the training texts by code point, after the padding (line 0) and the unknown word (line 1). */
export function buildVocabulary(texts: readonly TopicText[]): string[] {
  const counts = new Map<string, number>();
  for (const { text, split } of texts) {
    if (split !== "train") continue;
    for (const word of words(text, true)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const known = [...counts].filter(([, count]) => count >= MIN_COUNT).map(([word]) => word);
  return ["<pad>", "<unk>", ...known.sort()];
}
