import type { LookedAtFile } from "#contracts/dataset.ts";
import { splitNames } from "#engine/evaluate/dataset/manifest.schema.ts";
import { isObject, type Json, type JsonObject } from "./draft.ts";

export type SplitMode = "given" | "column" | "seed";

/** How a manifest gives its splits, as far as it says so yet. */
export function modeOf(splits: JsonObject): SplitMode {
  if (splits.column !== undefined) return "column";
  return splits.seed !== undefined || splits.file !== undefined ? "seed" : "given";
}

/** IDX: the columns, each of which is a file of its own. Empty where one file holds all columns. */
export function partsOf(splits: JsonObject, files: readonly LookedAtFile[]): string[] {
  const named = Object.values(splits).flatMap((source) => (isObject(source) ? Object.keys(source) : []));
  if (named.length > 0) return [...new Set(named)];
  return files.some((file) => file.kind === "idx" || file.kind === "npy") ? ["images", "labels"] : [];
}

const amounts = { seed: 0, test: 0.2, calibration: 0.1 };

/** The splits in another mode, with what fits there kept. */
export function splitsFor(mode: SplitMode, splits: JsonObject, files: readonly LookedAtFile[]): JsonObject {
  const sources = [splits.file, ...splitNames.map((name) => splits[name])].filter(
    (source): source is Json => typeof source === "string" || isObject(source),
  );
  const [source = files.find((file) => file.kind !== "lines")?.name ?? ""] = sources;
  const cuts = Object.fromEntries(
    (["calibration", "tuning"] as const).flatMap((name) => {
      const value = splits[name];
      return typeof value === "number" ? [[name, value]] : [];
    }),
  );
  switch (mode) {
    case "given":
      return { train: source, ...cuts };
    case "column":
      return { file: source, column: "", ...cuts };
    case "seed":
      return { file: source, ...amounts, ...cuts };
  }
}
