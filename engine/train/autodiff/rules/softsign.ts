import { ruleOf } from "../rule.ts";
import { abs, mul, sub } from "../tensors.ts";

/** y = x / (1 + |x|): dx = dy / (1 + |x|)² = dy · (1 − |y|)². */
export const softsignRule = ruleOf((site, dy, emit) => {
  const slope = sub(emit, 1, abs(emit, site.output()));
  return [mul(emit, mul(emit, dy, slope), slope)];
});
