import { ruleOf } from "../rule.ts";
import { add, greaterOrEqual, lessOrEqual, mul, where } from "../tensors.ts";

/** y = x · (x + 3)/6 between −3 and 3, 0 below, x above: the slope between is x/3 + ½. */
export const hardSwishRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const between = add(emit, mul(emit, x, 1 / 3), 0.5);
  const upper = where(emit, greaterOrEqual(emit, x, 3), 1, between);
  return [mul(emit, dy, where(emit, lessOrEqual(emit, x, -3), 0, upper))];
});
