/** One or two characters for a name: first letters of first and last word; the last two characters of a Chinese name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first = ""] = words;
  if (words.length === 1 && /^\p{Script=Han}+$/u.test(first)) return [...first].slice(-2).join("");
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return [first, last]
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
