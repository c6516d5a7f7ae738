import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { expand, mul, reshape } from "../tensors.ts";

/** Every value gets its share of the gradient of the mean. */
export const reduceMeanRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined || reduction.count === 1) return [dy];
  const share = mul(emit, reshape(emit, dy, reduction.kept), 1 / reduction.count);
  return [expand(emit, share, site.input(0).dims)];
});
