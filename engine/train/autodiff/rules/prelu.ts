import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { less, mul, where } from "../tensors.ts";

/** y = x from 0 on, x · slope below: dx = dy or dy · slope, dslope = 0 or dy · x. */
export const preluRule = ruleOf((site, dy, emit) => {
  const [x, slope] = [site.input(0), site.input(1)];
  const isBelow = less(emit, x, 0);
  return [
    site.wants(0) ? mul(emit, dy, where(emit, isBelow, slope, 1)) : undefined,
    site.wants(1) ? sumTo(emit, mul(emit, dy, where(emit, isBelow, x, 0)), slope.dims) : undefined,
  ];
});
