import type { LookedAtFile } from "#contracts/dataset.ts";
import { type Manifest, manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import { guessArrays } from "./guess-arrays.ts";
import { guessMedia } from "./guess-media.ts";
import { guessTable } from "./guess-table.ts";
import { splitOf } from "./split-of.ts";

/**
 * A manifest for the files, to be shown to a person who corrects it; undefined where nothing sensible can be said.
 * A guess is always a valid manifest.
 */
export function guessManifest(files: readonly LookedAtFile[]): Manifest | undefined {
  const guess = guessArrays(files) ?? guessMedia(files) ?? guessTable(files);
  if (guess === undefined) return undefined;
  const parsed = manifestSchema.safeParse({ name: nameOf(files), ...guess });
  return parsed.success ? parsed.data : undefined;
}

/** The words that all names begin with, without those that name a split. */
function nameOf(files: readonly LookedAtFile[]): string {
  const [first = [], ...others] = files
    .filter((file) => file.kind !== "lines")
    .map((file) => wordsOf(file.name));
  let length = first.length;
  for (const other of others) while (first.slice(0, length).some((word, at) => other[at] !== word)) length--;
  return first.slice(0, length).join(" ").slice(0, 100) || "dataset";
}

function wordsOf(fileName: string): string[] {
  return fileName
    .replace(/(\.(gz|csv|tsv|txt|idx|jsonl|ndjson|npy|npz|parquet|zip|wav))+$/i, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && splitOf(word) === undefined);
}
