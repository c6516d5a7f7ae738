import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { add, mul, sigmoid, sub } from "../tensors.ts";

/** y = x · s with s = σ(αx): dx = dy · (s + αy (1 − s)). */
export const swishRule = ruleOf((site, dy, emit) => {
  const alpha = site.float("alpha", 1);
  const scaled = (value: Operand) => (alpha === 1 ? value : mul(emit, value, alpha));
  const s = sigmoid(emit, scaled(site.input(0)));
  const rest = mul(emit, scaled(site.output()), sub(emit, 1, s));
  return [mul(emit, dy, add(emit, s, rest))];
});
