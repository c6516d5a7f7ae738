import { z } from "zod";

const count = z.int().min(0);

/** What a clean process found of a deep file beside the baseline, on the test split. Shares, but for counts. */
export const deepScoreSchema = z.strictObject({
  testItems: count,
  baselineErrors: count,
  errors: count,
  /** Of the share of errors over the baseline's on the same items, with its interval. */
  increase: z.number(),
  increaseLow: z.number(),
  increaseHigh: z.number(),
  interval: z.string(),
  /** The whole file. */
  deepBytes: count,
  /** The ONNX file that it restores. */
  onnxBytes: count,
  sparsity: z.number(),
  /** The weights alone, coded in two ways. */
  weights: z.strictObject({ huffman: count, arithmetic: count }),
});
export type DeepScore = z.infer<typeof deepScoreSchema>;

/** One seed of one network, as it is kept. */
export const deepResultSchema = z.strictObject({
  network: z.string(),
  seed: count,
  /** Of the recipes' texts: another recipe makes another result. */
  recipes: z.string(),
  machine: z.string(),
  minutes: z.number(),
  score: deepScoreSchema,
});
export type DeepResult = z.infer<typeof deepResultSchema>;
