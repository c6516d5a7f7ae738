import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { div, equal, mul, reshape, where } from "../tensors.ts";

/** y = √Σ x²: dx = x · dy / y, and 0 where all values are 0. */
export const reduceL2Rule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined) throw site.refusal("noop_with_empty_axes");
  const y = site.output();
  const ratio = div(emit, dy, where(emit, equal(emit, y, 0), 1, y));
  return [mul(emit, site.input(0), reshape(emit, ratio, reduction.kept))];
});
