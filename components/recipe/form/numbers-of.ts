import { numberOf } from "./number-of.ts";

/** `300, 100`, `300 100`, `1 × 28 × 28` … as numbers; what is none stays as it was written. */
export function numbersOf(text: string): (number | string)[] {
  return text
    .split(/[\s,;×xX，、；]+/)
    .filter((part) => part !== "")
    .flatMap((part) => numberOf(part) ?? []);
}

export function numbersText(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : "";
}
