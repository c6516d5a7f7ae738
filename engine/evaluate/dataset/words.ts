import { EngineError } from "#engine/error.ts";
import type { ManifestInput } from "./manifest.schema.ts";

const maxEntries = 5_000_000;

/** Entries of a vocabulary file by their line, from 0; the first of equal entries counts. */
export type Vocabulary = ReadonlyMap<string, number>;

/** Reads a vocabulary: one entry per line, UTF-8. Blank lines keep their number but are no entry. */
export function parseVocabulary(bytes: Uint8Array, file: string): Vocabulary {
  const text = new TextDecoder("utf-8").decode(bytes);
  const vocabulary = new Map<string, number>();
  const lines = text.split(/\r?\n/);
  if (lines.length > maxEntries) {
    throw new EngineError("limit-exceeded", `A vocabulary has at most ${maxEntries} lines`, file);
  }
  for (const [index, line] of lines.entries()) {
    if (line !== "" && !vocabulary.has(line)) vocabulary.set(line, index);
  }
  if (vocabulary.size === 0) throw new EngineError("data-mismatch", "The vocabulary is empty", file);
  return vocabulary;
}

/**
 * Words of a text: Unicode NFKC, lower case unless told otherwise, then maximal runs of letters, marks, digits and
 * apostrophes.
 */
export function words(text: string, lowercase: boolean): string[] {
  const normal = text.normalize("NFKC");
  return (lowercase ? normal.toLowerCase() : normal).match(/[\p{L}\p{M}\p{N}']+/gu) ?? [];
}

/**
 * The encoder of `encode: words`: text → `length` indices.
 *
 * A word that the vocabulary lacks becomes `unknown`, else the index of `<unk>` or `[UNK]`, else it is left out.
 * After the last word comes `pad`, else the index of `<pad>` or `[PAD]`; without either, a text shorter than
 * `length` is an error, because a made-up index would be some other word.
 */
export function wordEncoder(
  input: ManifestInput,
  vocabulary: Vocabulary,
): (text: string, target: Float64Array, place: () => string) => void {
  const special = (names: readonly string[]) =>
    names.map((name) => vocabulary.get(name)).find((index) => index !== undefined);
  const pad = input.pad ?? special(["<pad>", "[PAD]"]);
  const unknown = input.unknown ?? special(["<unk>", "[UNK]"]);
  return (text, target, place) => {
    let position = 0;
    for (const word of words(text, input.lowercase)) {
      if (position === target.length) return;
      const index = vocabulary.get(word) ?? unknown;
      if (index !== undefined) target[position++] = index;
    }
    if (position === target.length) return;
    if (pad === undefined) {
      throw new EngineError(
        "data-mismatch",
        `A text has ${position} known words, the length is ${target.length} and no padding is defined: add a line <pad> to the vocabulary or \`pad\` to the input`,
        place(),
      );
    }
    target.fill(pad, position);
  };
}
