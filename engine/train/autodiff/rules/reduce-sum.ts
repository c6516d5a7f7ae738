import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { expand, reshape } from "../tensors.ts";

/** Every summand gets the gradient of the sum. */
export const reduceSumRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  return [reduction ? expand(emit, reshape(emit, dy, reduction.kept), site.input(0).dims) : dy];
});
