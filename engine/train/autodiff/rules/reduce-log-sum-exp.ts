import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { exp, mul, reshape, sub } from "../tensors.ts";

/** y = ln Σ eˣ: dx = dy · eˣ⁻ʸ, a softmax. */
export const reduceLogSumExpRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined) throw site.refusal("noop_with_empty_axes");
  const softmax = exp(emit, sub(emit, site.input(0), reshape(emit, site.output(), reduction.kept)));
  return [mul(emit, softmax, reshape(emit, dy, reduction.kept))];
});
