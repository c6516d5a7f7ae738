import fc from "fast-check";
import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import { seeds, shapes } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { scatterElementsReference, scatterNdReference } from "../reference/indexing.ts";
import { indicesIn } from "./indexing.ts";

const reductions = fc.constantFrom("none", "add", undefined);

/** Places that are written several times among them, without and with a sum. */
const nds: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1, 3), shapes(1, 2, 3), fc.integer({ min: 1, max: 3 }), reductions, fc.boolean(), seeds)
  .map(([dims, outer, width, reduction, isConstant, seed]) => {
    const named = Math.min(width, dims.length);
    const limit = (at: number) => dims[at % named] ?? 1;
    return {
      opType: "ScatterND",
      inputs: [
        spread(dims, seed),
        indicesIn([...outer, named], limit, seed + 1, isConstant),
        spread([...outer, ...dims.slice(named)], seed + 2),
      ],
      attributes: reduction === undefined ? [] : [makeString("reduction", reduction)],
      outputs: 1,
      wanted: [0, 2],
      seed,
    };
  });

const elements: fc.Arbitrary<RuleCase> = fc
  .tuple(shapes(1, 3), shapes(3, 3), fc.integer({ min: -3, max: 2 }), reductions, seeds)
  .map(([dims, wanted, at, reduction, seed]) => {
    const axis = at % dims.length;
    const positive = axis < 0 ? axis + dims.length : axis;
    const places = dims.map((dim, other) => Math.min(dim, wanted[other] ?? 1));
    return {
      opType: "ScatterElements",
      inputs: [
        spread(dims, seed),
        indicesIn(places, () => dims[positive] ?? 1, seed + 1, false),
        spread(places, seed + 2),
      ],
      attributes: [
        makeInt("axis", axis),
        ...(reduction === undefined ? [] : [makeString("reduction", reduction)]),
      ],
      outputs: 1,
      wanted: [0, 2],
      seed,
    };
  });

/** Values that are written to places. */
export const scatterChecks: readonly RuleCheck[] = [
  { name: "ScatterND", cases: nds, reference: scatterNdReference },
  { name: "ScatterElements", cases: elements, reference: scatterElementsReference },
];
