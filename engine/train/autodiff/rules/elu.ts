import { ruleOf } from "../rule.ts";
import { add, greater, min, mul, where } from "../tensors.ts";

/** y = x above 0, α (eˣ − 1) below: dx = dy or dy · (y + α). */
export const eluRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const alpha = site.float("alpha", 1);
  const below = add(emit, y, alpha);
  // With α = 1, y + α reaches 1 exactly where x reaches 0.
  const slope = alpha === 1 ? min(emit, below, 1) : where(emit, greater(emit, y, 0), 1, below);
  return [mul(emit, dy, slope)];
});
