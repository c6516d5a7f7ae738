import { own } from "#engine/own.ts";
import type { SplitName } from "./manifest.schema.ts";

export type { SplitName };

/** Words that people use for the same role. */
const synonyms: Readonly<Record<string, SplitName>> = {
  train: "train",
  training: "train",
  calibration: "calibration",
  calib: "calibration",
  tuning: "tuning",
  validation: "tuning",
  valid: "tuning",
  val: "tuning",
  dev: "tuning",
  test: "test",
  testing: "test",
};

/** The split that a word names. */
export function splitOf(word: string): SplitName | undefined {
  return own(synonyms, word.trim().toLowerCase());
}
