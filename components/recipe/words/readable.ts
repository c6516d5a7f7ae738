/** The name of an option as words, for what the messages do not know: `keep_io_types` → `Keep io types`. */
export function readable(name: string): string {
  const words = name.replaceAll(/[_.-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The group that a technique is listed in, by the first part of its name. */
export const kinds = [
  "quantize",
  "prune",
  "cast",
  "factorize",
  "cluster",
  "train",
  "graph",
  "other",
] as const;
export type Kind = (typeof kinds)[number];

export function kindOf(use: string): Kind {
  const first = use.split(".")[0] ?? "";
  if (first === "simplify") return "graph";
  return kinds.find((kind) => kind === first) ?? "other";
}

/** The key of a technique in the messages, where a dot would begin a new level. */
export const techniqueKey = (use: string) => use.replaceAll(".", "-");

/** The key of an option in the messages of its technique; options inside a group carry its name. */
export const optionKey = (path: readonly string[]) => path.join("-");
