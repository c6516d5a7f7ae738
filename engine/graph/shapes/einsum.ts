/** The label of each axis. */
export interface EinsumLabels {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const alphabet = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/**
 * The equation of an Einsum with a letter for every axis: the axes of an ellipsis get letters that are free, the same
 * ones from the last axis on, and an output that is not written is worked out.
 *
 * @param ranks of the operands
 */
export function einsumLabels(equation: string, ranks: readonly number[]): EinsumLabels {
  const text = equation.replace(/\s+/g, "");
  const [left = "", right] = text.split("->");
  const terms = left.split(",");
  const hidden = terms.map((term, at) =>
    term.includes("...") ? Math.max(0, (ranks[at] ?? 0) - term.replace("...", "").length) : 0,
  );
  const free = alphabet.filter((letter) => !text.includes(letter));
  const ellipsis = free.slice(0, Math.max(0, ...hidden));
  return {
    inputs: terms.map((term, at) => fill(term, ellipsis.slice(ellipsis.length - (hidden[at] ?? 0)))),
    output: right === undefined ? implied(left, ellipsis) : fill(right, ellipsis),
  };
}

function fill(term: string, ellipsis: readonly string[]): string[] {
  const [before = "", after = ""] = term.split("...");
  return term.includes("...") ? [...before, ...ellipsis, ...after] : [...term];
}

/** Letters that stand once, in order of the alphabet, behind the axes of the ellipsis. */
function implied(left: string, ellipsis: readonly string[]): string[] {
  const letters = [...left].filter((letter) => alphabet.includes(letter));
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return [...ellipsis, ...once.sort()];
}
