import { ruleOf } from "../rule.ts";
import { add, mul, sigmoid, softplus, sub, tanh } from "../tensors.ts";

/** y = x · t with t = tanh(ln(1 + eˣ)): dx = dy · (t + x σ(x) (1 − t²)). */
export const mishRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const t = tanh(emit, softplus(emit, x));
  const moved = mul(emit, mul(emit, x, sigmoid(emit, x)), sub(emit, 1, mul(emit, t, t)));
  return [mul(emit, dy, add(emit, t, moved))];
});
