import { stringAttribute } from "#engine/onnx/attributes.ts";
import { build, forEachIndex, valueAt } from "../array.ts";
import type { Reference } from "../finite.ts";
import { present } from "./elementwise.ts";
import { nodeOf } from "./matrix.ts";

const hiddenNames = "VWXYZ";

/** The axes behind an ellipsis under the capitals V to Z, counted from the last one. */
function spell(term: string, rank: number): string {
  const hidden = rank - term.replace("...", "").length;
  return term.replace("...", hiddenNames.slice(hiddenNames.length - hidden));
}

/** The sum over all labels that the output lacks, by its definition. */
export const einsumReference: Reference = (inputs, rule) => {
  const operands = present(inputs);
  const equation = (stringAttribute(nodeOf(rule), "equation") ?? "").replaceAll(" ", "");
  const [left = "", right] = equation.split("->");
  const terms = left.split(",").map((term, at) => spell(term, operands[at]?.dims.length ?? 0));
  const all = terms.join("");
  const hidden = [...hiddenNames].filter((letter) => all.includes(letter)).join("");
  const once = [...new Set(all)].filter(
    (letter) => !hidden.includes(letter) && all.split(letter).length === 2,
  );
  const output = right === undefined ? hidden + once.sort().join("") : right.replace("...", hidden);
  const sizes = new Map<string, number>();
  terms.forEach((term, at) => {
    [...term].forEach((label, axis) => {
      sizes.set(label, Math.max(sizes.get(label) ?? 1, operands[at]?.dims[axis] ?? 1));
    });
  });
  const summed = [...sizes.keys()].filter((label) => !output.includes(label));
  const dimsOf = (labels: readonly string[]) => labels.map((label) => sizes.get(label) ?? 1);
  return [
    build(dimsOf([...output]), (index) => {
      let sum = 0;
      forEachIndex(dimsOf(summed), (inner) => {
        const at = new Map([...output].map((label, axis) => [label, index[axis] ?? 0]));
        summed.forEach((label, axis) => {
          at.set(label, inner[axis] ?? 0);
        });
        sum += operands.reduce(
          (product, operand, k) =>
            product *
            valueAt(
              operand,
              [...(terms[k] ?? "")].map((label) => at.get(label) ?? 0),
            ),
          1,
        );
      });
      return sum;
    }),
  ];
};
