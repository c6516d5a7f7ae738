import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { mul, reshape, sign } from "../tensors.ts";

/** y = Σ |x|: dx = dy · sign(x). */
export const reduceL1Rule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined) throw site.refusal("noop_with_empty_axes");
  return [mul(emit, sign(emit, site.input(0)), reshape(emit, dy, reduction.kept))];
});
