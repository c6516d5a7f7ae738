import fc from "fast-check";
import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { unrollRecurrent } from "../../../prepare/recurrent.ts";
import { seeds } from "../arbitraries.ts";
import { type RuleCase, spread } from "../case.ts";
import type { RuleCheck } from "../check.ts";
import { gruReference, lstmReference } from "../reference/recurrent.ts";

const upTo = (max: number) => fc.integer({ min: 1, max });

/** Layers in every direction, with and without biases and initial states. */
function layers(opType: "LSTM" | "GRU"): fc.Arbitrary<RuleCase> {
  const [gates, states] = opType === "LSTM" ? [4, 2] : [3, 1];
  return fc
    .tuple(
      fc.constantFrom("forward", "reverse", "bidirectional"),
      fc.tuple(upTo(4), upTo(2), upTo(3), upTo(3)),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      seeds,
    )
    .map(([direction, [steps, batch, size, hidden], [isBiased, hasH, hasC, isLinear], seed]) => {
      const directions = direction === "bidirectional" ? 2 : 1;
      const state = [directions, batch, hidden];
      const inputs = [
        spread([steps, batch, size], seed),
        spread([directions, gates * hidden, size], seed + 1, -1, 1),
        spread([directions, gates * hidden, hidden], seed + 2, -1, 1),
        isBiased ? spread([directions, 2 * gates * hidden], seed + 3, -1, 1) : null,
        null,
        hasH ? spread(state, seed + 4, -1, 1) : null,
        ...(states === 2 ? [hasC ? spread(state, seed + 5, -1, 1) : null] : []),
      ];
      return {
        opType,
        inputs,
        attributes: [
          makeString("direction", direction),
          makeInt("hidden_size", hidden),
          ...(opType === "GRU" ? [makeInt("linear_before_reset", isLinear ? 1 : 0)] : []),
        ],
        outputs: 1 + states,
        wanted: inputs.flatMap((input, at) => (input === null ? [] : [at])),
        seed,
      };
    });
}

/** In training these operators stand as their steps. */
const prepare = (model: Model) => {
  unrollRecurrent(model, new Map());
};

export const recurrentChecks: readonly RuleCheck[] = [
  { name: "LSTM", cases: layers("LSTM"), reference: lstmReference, prepare },
  { name: "GRU", cases: layers("GRU"), reference: gruReference, prepare },
];
