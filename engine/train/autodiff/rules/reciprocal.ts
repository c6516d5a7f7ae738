import { ruleOf } from "../rule.ts";
import { mul, neg } from "../tensors.ts";

/** y = 1/x: dx = −dy · y². */
export const reciprocalRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  return [neg(emit, mul(emit, mul(emit, dy, y), y))];
});
