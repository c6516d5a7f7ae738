import { ruleOf } from "../rule.ts";
import { greater, mul, where } from "../tensors.ts";

/** y = x above 0, αx below; the gradient at 0 is α. */
export const leakyReluRule = ruleOf((site, dy, emit) => {
  const slope = where(emit, greater(emit, site.input(0), 0), 1, site.float("alpha", 0.01));
  return [mul(emit, dy, slope)];
});
