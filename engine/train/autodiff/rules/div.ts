import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { div, mul, neg } from "../tensors.ts";

/** y = a / b: da = dy / b, db = −dy · y / b. */
export const divRule = ruleOf((site, dy, emit) => {
  const [a, b] = [site.input(0), site.input(1)];
  const share = div(emit, dy, b);
  return [
    site.wants(0) ? sumTo(emit, share, a.dims) : undefined,
    site.wants(1) ? sumTo(emit, neg(emit, mul(emit, share, site.output())), b.dims) : undefined,
  ];
});
