import type { Operand } from "./operand.ts";
import type { Site } from "./rule.ts";

/** The label of each axis. */
export interface EinsumLabels {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const alphabet = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/**
 * The equation of an Einsum with a letter for every axis: the axes of an ellipsis get letters that are free, the same
 * ones from the last axis on, and an output that is not written is worked out.
 */
export function einsumLabels(site: Site, operands: readonly Operand[]): EinsumLabels {
  const equation = site.text("equation", "").replaceAll(" ", "");
  const [left = "", right] = equation.split("->");
  const terms = left.split(",");
  const hidden = terms.map((term, at) =>
    term.includes("...") ? (operands[at]?.dims.length ?? 0) - lettersOf(term).length : 0,
  );
  const free = alphabet.filter((letter) => !equation.includes(letter));
  const ellipsis = free.slice(0, Math.max(0, ...hidden));
  const inputs = terms.map((term, at) => fill(term, ellipsis.slice(ellipsis.length - (hidden[at] ?? 0))));
  for (const labels of inputs) {
    if (new Set(labels).size < labels.length) throw site.refusal("a label occurs twice in one operand");
  }
  return { inputs, output: right === undefined ? implied(left, ellipsis) : fill(right, ellipsis) };
}

function lettersOf(term: string): string[] {
  return [...term.replace("...", "")];
}

function fill(term: string, ellipsis: readonly string[]): string[] {
  const [before = "", after = ""] = term.split("...");
  return term.includes("...") ? [...before, ...ellipsis, ...after] : [...term];
}

/** Letters that occur once, in alphabetical order, behind the ellipsis. */
function implied(left: string, ellipsis: readonly string[]): string[] {
  const letters = [...left].filter((letter) => alphabet.includes(letter));
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return [...ellipsis, ...once.sort()];
}
