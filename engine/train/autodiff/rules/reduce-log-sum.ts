import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { div, exp, expand, reshape } from "../tensors.ts";

/** y = ln Σ x: dx = dy / eʸ. */
export const reduceLogSumRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined) throw site.refusal("noop_with_empty_axes");
  const share = div(emit, dy, exp(emit, site.output()));
  return [expand(emit, reshape(emit, share, reduction.kept), site.input(0).dims)];
});
