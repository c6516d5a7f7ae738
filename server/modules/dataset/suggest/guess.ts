import type { LookedAtFile } from "#contracts/dataset.ts";
import { type Manifest, manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import { guessArrays } from "./guess-arrays.ts";
import { guessTable } from "./guess-table.ts";
import { splitOf } from "./split-of.ts";

/**
 * A manifest for the files, to be shown to a person who corrects it; undefined where nothing sensible can be said.
 * A guess is always a valid manifest.
 */
export function guessManifest(files: readonly LookedAtFile[]): Manifest | undefined {
  const guess = guessArrays(files) ?? guessTable(files);
  if (guess === undefined) return undefined;
  const parsed = manifestSchema.safeParse({ name: nameOf(files), ...guess });
  return parsed.success ? parsed.data : undefined;
}

/** What all names begin with, without words that name a split. */
function nameOf(files: readonly LookedAtFile[]): string {
  const [first = "", ...others] = files
    .filter((file) => file.kind !== "lines")
    .map((file) => file.name.replace(/(\.(gz|csv|tsv|txt|idx))+$/i, ""));
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  const words = first
    .slice(0, length)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && splitOf(word) === undefined);
  return words.join(" ").slice(0, 100) || "dataset";
}
