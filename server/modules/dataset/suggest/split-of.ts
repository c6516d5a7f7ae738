import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";

const words: readonly [SplitName, RegExp][] = [
  ["test", /(^|[^a-z])(test|t10k|holdout|eval)([^a-z]|$)/i],
  ["calibration", /(^|[^a-z])(calib|calibration)([^a-z]|$)/i],
  ["tuning", /(^|[^a-z])(val|valid|validation|dev|tuning|tune)([^a-z]|$)/i],
  ["train", /(^|[^a-z])(train|training)([^a-z]|$)/i],
];

/** The split that a file's name speaks of. */
export function splitOf(name: string): SplitName | undefined {
  return words.find(([, pattern]) => pattern.test(name))?.[0];
}
