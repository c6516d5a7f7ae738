import type { Course } from "./course.ts";

/** The last batch of the epoch that is kept; undefined where none is, or nothing is known of it. */
export function batchOfEpoch({ kept, batchesPerEpoch }: Course): number | undefined {
  if (kept === undefined || kept === "none" || batchesPerEpoch === undefined) return undefined;
  return kept.epoch * batchesPerEpoch;
}
