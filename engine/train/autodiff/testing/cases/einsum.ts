import fc from "fast-check";
import { makeString } from "#engine/onnx/attributes.ts";
import { seeds } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { einsumReference } from "../reference/einsum.ts";

const written = [
  ...["ij,jk->ik", "bij,bjk->bik", "bhid,bhjd->bhij", "bhij,bhjd->bhid", "ij,kj->ik", "i,j->ij"],
  ...["ij->ji", "ij->i", "ij->", "ij,ij->", "i,i", "ij,jk", "ba", "ij,ij->ij", "ij,i->ij", ",ij->ij"],
  ...["ij,k->ik", "ij,jk,kl->il", "a,ab,b->", "...ij,...jk->...ik", "...i,i->...", "i...->...i"],
  ...["b...,b...->b...", "...", "...i,...i", "bqnh,bknh->bnqk", " i j , j k -> i k "],
];

/** Equations of all kinds: summed, implied and hidden labels, one to three operands, broadcast ellipses. */
const einsums: fc.Arbitrary<RuleCase> = fc
  .tuple(
    fc.constantFrom(...written),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    seeds,
  )
  .map(([equation, sizes, hidden, forms, seed]) => {
    const plain = equation.replaceAll(" ", "");
    const [left = ""] = plain.split("->");
    const letters = [...new Set(left.replace(/[^a-z]/g, ""))];
    const terms = left.split(",");
    const inputs = terms.map((term, at) => {
      // Ones in an ellipsis are broadcast. ONNX Runtime 1.30 crashes where its axes differ in number.
      const own = hidden.map((dim) => (terms.length > 1 && forms[at] ? 1 : dim));
      const [before = "", after = ""] = term.split("...");
      const named = (part: string) => [...part].map((letter) => sizes[letters.indexOf(letter)] ?? 1);
      const dims = [...named(before), ...(term.includes("...") ? own : []), ...named(after)];
      return spread(dims, seed + at);
    });
    return {
      opType: "Einsum",
      inputs,
      attributes: [makeString("equation", equation)],
      outputs: 1,
      wanted: inputs.map((_, at) => at),
      seed,
    };
  });

export const einsumChecks: readonly RuleCheck[] = [
  { name: "Einsum", cases: einsums, reference: einsumReference },
];
