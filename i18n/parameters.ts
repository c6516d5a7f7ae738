/** What a text takes: values, tags, and which of the values are counts. */
export interface Parameters {
  readonly values: readonly string[];
  readonly counts: readonly string[];
  readonly tags: readonly string[];
}

/** Reads the parameters of an ICU message (values, plurals, selections, nested) without formatting it. */
export function parametersOf(text: string): Parameters {
  const values = new Set<string>();
  const counts = new Set<string>();
  const argument = /\s*(\w+)\s*(?:,\s*(\w+)\s*,?)?/y;
  /** Reads up to the brace that closes the message, and returns its place. */
  function message(start: number): number {
    let at = start;
    while (at < text.length && text[at] !== "}") at = text[at] === "{" ? value(at + 1) : at + 1;
    return at;
  }
  /** Reads a value with its options, and returns the place behind its closing brace. */
  function value(start: number): number {
    argument.lastIndex = start;
    const found = argument.exec(text);
    if (!found?.[1]) throw new Error(`no name at ${start} in: ${text}`);
    values.add(found[1]);
    if (found[2] === "plural" || found[2] === "number") counts.add(found[1]);
    let at = argument.lastIndex;
    while (at < text.length && text[at] !== "}") at = text[at] === "{" ? message(at + 1) + 1 : at + 1;
    return at + 1;
  }
  message(0);
  const tags = new Set([...text.matchAll(/<(\w+)>/g)].map((found) => found[1] ?? ""));
  return { values: [...values].sort(), counts: [...counts].sort(), tags: [...tags].sort() };
}
