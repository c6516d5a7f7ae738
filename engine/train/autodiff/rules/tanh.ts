import { ruleOf } from "../rule.ts";
import { mul, sub } from "../tensors.ts";

/** y = tanh(x): dx = dy · (1 − y²). */
export const tanhRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  return [mul(emit, dy, sub(emit, 1, mul(emit, y, y)))];
});
