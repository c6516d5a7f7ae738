/** Where the caret of a field is; of a text area. */
export interface Caret {
  readonly selectionStart: number;
  readonly selectionEnd: number;
}

/** The text with `inserted` in place of the selection, or at the end without one; a space where words would touch. */
export function insertAt(text: string, inserted: string, caret: Caret | null): string {
  const start = Math.min(caret?.selectionStart ?? text.length, text.length);
  const end = Math.max(start, Math.min(caret?.selectionEnd ?? text.length, text.length));
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const space = (edge: string) => (edge === "" || /\s/.test(edge) ? "" : " ");
  return `${before}${space(before.slice(-1))}${inserted}${space(after.slice(0, 1))}${after}`;
}

/** A Markdown link. Brackets in its words are escaped. */
export function markdownLink(words: string, href: string): string {
  return `[${words.replace(/[[\]\\]/g, "\\$&")}](${href})`;
}
