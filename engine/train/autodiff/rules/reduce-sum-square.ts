import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { mul, reshape } from "../tensors.ts";

/** y = Σ x²: dx = 2 x · dy. */
export const reduceSumSquareRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined) throw site.refusal("noop_with_empty_axes");
  return [mul(emit, site.input(0), reshape(emit, mul(emit, dy, 2), reduction.kept))];
});
