import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FeedBatch } from "../../evaluate/dataset/feeds.ts";
import type { CalibrationData } from "../pass.ts";

export interface Sentences {
  /** The first of the sentences that the model was trained on. */
  readonly calibration: CalibrationData;
  /** Its 200 test sentences, with their labels. */
  readonly test: CalibrationData;
  readonly labels: readonly number[];
  /** Share of them that is right in float32, as its makers measured it. */
  readonly accuracy: number;
}

/**
 * What the BERT of the shared data was trained and tested on.
 *
 * @param folder of the model
 * @param file one sentence a line, with its label after a tab
 * @param count sentences to calibrate on
 */
export function loadSentences(folder: string, file: string, count: number): Sentences {
  const reference = JSON.parse(readFileSync(join(folder, "reference.json"), "utf8"));
  const texts: string[] = reference.testTexts;
  const tokens = tokenizer(folder);
  const held = new Set(texts.map((text) => text.trim()));
  const training = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => (line.split("\t")[0] ?? "").trim())
    .filter((text) => text !== "" && !held.has(text))
    .slice(0, count);
  return {
    calibration: dataOf(training, "training", tokens),
    test: dataOf(texts, "test", tokens),
    labels: reference.testLabels,
    accuracy: reference.testAccuracy,
  };
}

function dataOf(texts: readonly string[], what: string, tokens: (text: string) => number[]): CalibrationData {
  return {
    items: texts.length,
    description: `${texts.length} ${what} sentences`,
    batches: () => batchesOf(texts, tokens, 20),
  };
}

/** BERT's WordPiece for plain ASCII, at most 64 tokens. */
export function tokenizer(folder: string): (text: string) => number[] {
  const { model } = JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8"));
  const vocabulary: Record<string, number> = model.vocab;
  const pieces = (word: string): number[] => {
    const found: number[] = [];
    for (let start = 0; start < word.length; ) {
      let end = word.length;
      const piece = () => vocabulary[(start > 0 ? "##" : "") + word.slice(start, end)];
      while (end > start && piece() === undefined) end--;
      const id = piece();
      if (id === undefined || end === start) return [1];
      found.push(id);
      start = end;
    }
    return found;
  };
  return (text) => {
    const words = text.toLowerCase().match(/[a-z0-9]+|[^a-z0-9\s]/g) ?? [];
    return [2, ...words.flatMap(pieces).slice(0, 62), 3];
  };
}

function batchesOf(texts: readonly string[], tokens: (text: string) => number[], size: number): FeedBatch[] {
  const out: FeedBatch[] = [];
  for (let start = 0; start < texts.length; start += size) {
    const ids = texts.slice(start, start + size).map(tokens);
    const length = Math.max(...ids.map((list) => list.length));
    const dims = [ids.length, length];
    const tensor = (at: (list: number[], position: number) => number) => ({
      dtype: "int64" as const,
      dims,
      data: BigInt64Array.from(
        ids.flatMap((list) => Array.from({ length }, (_, position) => BigInt(at(list, position)))),
      ),
    });
    out.push({
      feeds: {
        input_ids: tensor((list, position) => list[position] ?? 0),
        attention_mask: tensor((list, position) => (position < list.length ? 1 : 0)),
      },
      rows: Uint32Array.from(ids, (_, row) => start + row),
      size: ids.length,
    });
  }
  return out;
}
