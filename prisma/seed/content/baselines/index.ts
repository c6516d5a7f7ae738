import type { DatasetName } from "../types.ts";
import type { Baseline, OnEpoch } from "./baseline.ts";
import { trainGlyphs } from "./glyphs.ts";
import { trainRatings } from "./ratings.ts";
import { trainTopics } from "./topics.ts";

/** How each demo model is trained. */
export const baselines: Record<DatasetName, (onEpoch?: OnEpoch) => Baseline> = {
  glyphs: trainGlyphs,
  topics: trainTopics,
  ratings: trainRatings,
};
