import { ruleOf } from "../rule.ts";
import { mul, sub } from "../tensors.ts";

/** y = 1 / (1 + e⁻ˣ): dx = dy · y · (1 − y). */
export const sigmoidRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  return [mul(emit, mul(emit, dy, y), sub(emit, 1, y))];
});
