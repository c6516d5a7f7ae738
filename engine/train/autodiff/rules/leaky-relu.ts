import { ruleOf } from "../rule.ts";
import { asFloat, greater, max, mul, where } from "../tensors.ts";

/** y = x above 0, αx below; the gradient at 0 is α. */
export const leakyReluRule = ruleOf((site, dy, emit) => {
  const alpha = site.float("alpha", 0.01);
  const isAbove = greater(emit, site.input(0), 0);
  // Faster than Where, for the usual slopes.
  const isBetween = alpha >= 0 && alpha <= 1;
  const slope = isBetween ? max(emit, asFloat(emit, isAbove), alpha) : where(emit, isAbove, 1, alpha);
  return [mul(emit, dy, slope)];
});
