import { randomStream } from "../numeric/random.ts";
import { compose } from "./compose.ts";
import { topicLexicons } from "./lexicon/index.ts";
import { briefTemplates, clearTemplates, mixedTemplates } from "./templates.ts";

export const TOPICS_SEED = 4_711;

/** Texts per split. */
export const topicSplits = { train: 10_000, tuning: 1_000, calibration: 300, test: 2_500 } as const;
export type TopicSplit = keyof typeof topicSplits;

/** Shares of the kinds of sentence; the rest is clear. */
export const MIXED_SHARE = 0.24;
export const BRIEF_SHARE = 0.14;

export interface TopicText {
  text: string;
  /** Index into `topicLexicons`. */
  label: number;
  split: TopicSplit;
}

/** All texts, split by split; no text occurs twice, so none of the test is seen in training. */
export function generateTopics(): TopicText[] {
  const random = randomStream(TOPICS_SEED);
  const seen = new Set<string>();
  const texts: TopicText[] = [];
  const splits: TopicSplit[] = ["train", "tuning", "calibration", "test"];
  for (const split of splits) {
    for (let missing = topicSplits[split]; missing > 0; ) {
      const label = random.integer(0, topicLexicons.length - 1);
      const step = random.integer(1, topicLexicons.length - 1);
      const own = topicLexicons[label]!.lexicon;
      const other = topicLexicons[(label + step) % topicLexicons.length]!.lexicon;
      const kind = random.between(0, 1);
      const templates =
        kind < MIXED_SHARE
          ? mixedTemplates
          : kind < MIXED_SHARE + BRIEF_SHARE
            ? briefTemplates
            : clearTemplates;
      const text = compose(random.pick(templates), own, other, random);
      if (seen.has(text)) continue;
      seen.add(text);
      texts.push({ text, label, split });
      missing--;
    }
  }
  return texts;
}
