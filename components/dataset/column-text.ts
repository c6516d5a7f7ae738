import type { Json } from "./draft.ts";

/** References to columns as tags: runs of neighbours in the file become `first..last`, as a manifest writes them. */
export function tagsOf(from: Json | undefined, columns: readonly string[]): string[] {
  const references = (Array.isArray(from) ? from : from === undefined ? [] : [from])
    .filter((each) => typeof each === "string" || typeof each === "number")
    .map(String)
    .filter((each) => each !== "");
  const position = new Map(columns.map((name, index) => [name, index]));
  const tags: string[] = [];
  for (let start = 0; start < references.length; ) {
    let end = start;
    while (
      end + 1 < references.length &&
      position.has(references[end] ?? "") &&
      position.get(references[end + 1] ?? "") === (position.get(references[end] ?? "") ?? 0) + 1
    )
      end++;
    // A pair reads better as two names.
    if (end - start >= 2) tags.push(`${references[start]}..${references[end]}`);
    else tags.push(...references.slice(start, end + 1));
    start = end + 1;
  }
  return tags;
}

/** Tags as a manifest's `from`: one reference, or a list. */
export function fromOf(tags: readonly string[]): Json {
  const [only] = tags;
  return tags.length === 1 && only !== undefined ? only : [...tags];
}

/** The tags that name no column of the files; none where the columns are not known. */
export function unknownTags(tags: readonly string[], columns: readonly string[]): string[] {
  if (columns.length === 0) return [];
  const known = new Set(columns);
  return tags.filter((tag) => {
    const range = /^(.+)\.\.(.+)$/.exec(tag);
    return !known.has(tag) && !(range && known.has(range[1] ?? "") && known.has(range[2] ?? ""));
  });
}
