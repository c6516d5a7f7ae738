import { encodeCsv } from "../files/csv.ts";
import type { DemoDataset } from "../types.ts";
import { BRIEF_SHARE, generateTopics, MIXED_SHARE, TOPICS_SEED, topicSplits } from "./generate.ts";
import { topicLexicons } from "./lexicon/index.ts";
import { buildVocabulary, LENGTH } from "./vocabulary.ts";

const names = topicLexicons.map(({ name }) => name);

/** The manifest of the topics dataset. */
export const topicsManifest = `name: topics
description: Short English headlines and notes on eight topics, generated
license: CC0-1.0
task: classification
splits: {file: topics.csv, column: split}
csv: {delimiter: ",", header: true}
inputs:
  - {to: ids, from: text, encode: words, vocabulary: vocabulary.txt, length: ${LENGTH}, dtype: int64}
label: {from: label, classes: [${names.join(", ")}]}
`;

/** The vocabulary as a file: one word per line, the line is the word's index. */
export function vocabularyFile(vocabulary: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${vocabulary.join("\n")}\n`);
}

const { train, tuning, calibration, test } = topicSplits;
const percent = (share: number) => Math.floor(share * 100 + 0.5);

const card = {
  en: `# Topics

**What.** Short English headlines and notes, each about one of eight topics: ${names.join(", ")}. ${train} texts for training, ${tuning} for tuning, ${calibration} for calibration, ${test} for the test; no text occurs twice. One CSV file with the columns text, label and split, and a vocabulary of the words that training has seen at least three times.

**How it was generated.** A program fills sentence patterns with phrases of the topic (people, organisations, things, troubles, actions, figures, places) and with invented place names, months and numbers. Frequent phrases are preferred as in real text. About ${percent(MIXED_SHARE)} % of the sentences also mention a second topic, and ${percent(BRIEF_SHARE)} % are brief notes with a single phrase. The seed is ${TOPICS_SEED}; every machine gets the same bytes.

**What it is good for.** Trying compression of models with embedding tables in seconds. The places, figures and events are invented: it holds no facts about the world.

**Difficulty.** Where two topics meet, the label is the one the sentence was written for, and a fair reader may disagree.

**Licence.** CC0-1.0: no rights reserved.
`,
  zh: `# 主题短文

**内容。** 英文短标题与便条，每条属于八个主题之一：农业（agriculture）、教育（education）、能源（energy）、金融（finance）、医疗（health）、住房（housing）、交通（transport）、水务（water）。训练集 ${train} 条，调优集 ${tuning} 条，校准集 ${calibration} 条，测试集 ${test} 条，没有重复的文本。数据是一个 CSV 文件，列为 text、label、split；另有词表，收录训练集中至少出现三次的词。

**生成方式。** 程序把各主题的短语（人物、机构、事物、问题、行动、指标、地点）以及虚构的地名、月份和数字填入句式。与真实文本一样，常用短语出现得更多。约 ${percent(MIXED_SHARE)}% 的句子还会提到另一个主题，约 ${percent(BRIEF_SHARE)}% 是只含一个短语的便条。种子为 ${TOPICS_SEED}；在任何机器上都得到相同的字节。

**用途。** 在几秒钟内试验含嵌入表的模型的压缩。其中的地名、数字和事件均为虚构，不含任何关于真实世界的事实。

**难度。** 两个主题同时出现时，标签取句子原本所写的主题，读者完全可能有不同看法。

**许可。** CC0-1.0，不保留任何权利。
`,
};

/** Short texts on eight topics as CSV with a vocabulary. */
export function topics(): DemoDataset {
  const texts = generateTopics();
  const rows = texts.map(({ text, label, split }) => [text, names[label] ?? "", split]);
  return {
    name: "topics",
    description: {
      en: "Short English headlines and notes on eight topics, written by a grammar",
      zh: "八个主题的英文短标题与便条，由语法规则生成",
    },
    manifestText: topicsManifest,
    files: new Map([
      ["topics.csv", encodeCsv(["text", "label", "split"], rows)],
      ["vocabulary.txt", vocabularyFile(buildVocabulary(texts))],
    ]),
    card,
  };
}
