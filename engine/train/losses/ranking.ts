import { makeInt } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../autodiff/emitter.ts";
import { type Operand, sizeOf } from "../autodiff/operand.ts";
import { abs, add, exp, log, mul, neg, reshape, sigmoid, sub } from "../autodiff/tensors.ts";
import { type LossNodes, scaledSum } from "./loss.ts";

/**
 * Bayesian personalised ranking (Rendle et al. 2009): −log σ(s⁺ − s⁻), the mean over pairs. The first half of the scores
 * belongs to items that the users chose, the second half, user by user, to items that they did not.
 *
 * @param scores an even number of them
 */
export function bayesianRanking(emit: Emitter, scores: Operand): LossNodes {
  const count = sizeOf(scores.dims);
  const pairs = count / 2;
  const flat = reshape(emit, scores, [count]);
  const [chosen, other] = emit.ops(
    "Split",
    [flat, emit.ints([pairs, pairs])],
    [[pairs], [pairs]],
    [makeInt("axis", 0)],
  );
  if (chosen === undefined || other === undefined) throw new Error("Split has two outputs");
  const gap = sub(emit, chosen, other);
  // −log σ(d) = max(−d, 0) + log(1 + e^−|d|).
  const soft = log(emit, add(emit, exp(emit, neg(emit, abs(emit, gap))), 1));
  const linear = emit.op("Relu", [neg(emit, gap)], gap.dims);
  const down = mul(emit, sigmoid(emit, neg(emit, gap)), 1 / pairs);
  const both = emit.op("Concat", [neg(emit, down), down], [count], [makeInt("axis", 0)]);
  return {
    loss: scaledSum(emit, add(emit, linear, soft), 1 / pairs),
    gradient: reshape(emit, both, scores.dims),
  };
}
