import { ruleOf } from "../rule.ts";
import { add, div, min, mul } from "../tensors.ts";

/** y = x above 0, α (e^(x/α) − 1) below: dx = dy or dy · (y/α + 1). */
export const celuRule = ruleOf((site, dy, emit) => {
  const alpha = site.float("alpha", 1);
  const scaled = alpha === 1 ? site.output() : div(emit, site.output(), alpha);
  return [mul(emit, dy, min(emit, add(emit, scaled, 1), 1))];
});
