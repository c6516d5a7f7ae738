import { ruleOf } from "../rule.ts";
import { both, greater, less, masked, mul } from "../tensors.ts";

/** y = αx + β between 0 and 1: dx = dy · α there, 0 outside. */
export const hardSigmoidRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const isInside = both(emit, greater(emit, y, 0), less(emit, y, 1));
  return [mul(emit, masked(emit, isInside, dy), site.float("alpha", 0.2))];
});
